import { describe, expect, it } from 'vitest';
import { drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { createLibrary } from '../../../spec/library.js';
import type { Dims } from '../../../spec/types/documents.js';
import { claimsOfDocument } from '../../../suites/documents/drawn-problems.js';
import { operatorWith } from '../../spec/program/fixtures.js';

/** Sizes of plain cases of an operator that has only these inputs. */
function sizesWith(inputs: Record<string, readonly string[]>, program: readonly unknown[], o: readonly string[]): Dims[] {
  const value = operatorWith(program as never, { inputs: inputs as never, outputs: { o: o as never }, masks: ['full'] });
  const library = createLibrary([{ kind: 'operator', document: 'mine.json', value }]);
  const claims = claimsOfDocument(library, library.operators.get('mine') as typeof value);
  const arbitrary = caseArbitrary(claims, { operator: 'mine', mask: 'full', dtype: 'f64', needs: {} });
  return Array.from({ length: 20 }, (_, seed) => drawCase(arbitrary, seed).value.dims);
}

describe('an axis that no input has', () => {
  it('leaves the size of the values’ channels free where it is that of the keys’', () => {
    const sizes = sizesWith({ v: ['b', 'hk', 'n', 'e'] }, [['o', ['cumsum', 'v', 'n']]], ['b', 'hk', 'n', 'e']);
    expect(sizes.every(({ d }) => d === 1)).toBe(true);
    expect(new Set(sizes.map(({ e }) => e)).size).toBeGreaterThan(3);
  });

  it('leaves the number of queries free where it is that of the keys', () => {
    const sizes = sizesWith({ q: ['b', 'hk', 'm', 'd'] }, [['o', ['softmax', 'q', 'd']]], ['b', 'hk', 'm', 'd']);
    expect(sizes.every(({ n, e }) => n === 1 && e === 1)).toBe(true);
    expect(new Set(sizes.map(({ m }) => m)).size).toBeGreaterThan(3);
    expect(new Set(sizes.map(({ d }) => d)).size).toBeGreaterThan(3);
  });
});
