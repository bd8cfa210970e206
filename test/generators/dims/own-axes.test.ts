import { expect, test } from 'vitest';
import { TERM } from '../../../generators/dims/budget.js';
import { drawCase } from '../../../generators/lib/seeds.js';
import { validateCase } from '../../../generators/validate.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { ownAxes } from '../../../spec/operator/facts.js';
import { keepsCache, packsDocuments } from '../../../spec/operator/locality.js';
import { costOf } from '../../../spec/program/cost.js';
import type { Operator } from '../../../spec/types/documents.js';
import { capable, library, request } from '../capable.js';

const withOwnAxes = [...library.operators.values()].filter((operator) => ownAxes(operator).length > 0);
const names = (fits: (operator: (typeof withOwnAxes)[number]) => boolean) => withOwnAxes.filter(fits).map(({ name }) => name);

const claims = Claims.of(library, capable({ pages: { sizes: [4], append: true } }));

test.each([
  ...names(packsDocuments).map((name) => [name, 'packed documents', request({ operator: name, feature: 'packed' })] as const),
  ...names(keepsCache).map((name) => [name, 'a cache', request({ operator: name, needs: { history: 'pages' } })] as const),
  ...names(() => true).map((name) => [name, 'any case', request({ operator: name })] as const),
])('%s in %s has sizes for its own axes, and validates', (_name, _where, asked) => {
  const arbitrary = caseArbitrary(claims, asked);
  for (let seed = 0; seed < 20; seed++) validateCase(library, drawCase(arbitrary, seed).value, 'drawn');
  expect(drawCase(arbitrary, 0).value.operator).toBe(asked.operator);
});

test('cases of production sizes cost more than the others, of an operator with axes of its own too', () => {
  for (const name of ['q8-0-write', 'gated-delta', 'nsa']) {
    const operator = library.operators.get(name) as Operator;
    const asked = request({ operator: name, mask: 'any', needs: { passes: 1 }, speed: 'slow' });
    const arbitrary = caseArbitrary(Claims.of(library, capable()), asked);
    const costs = Array.from({ length: 60 }, (_, seed) => costOf(operator)(drawCase(arbitrary, seed).value.dims, TERM));
    expect(Math.max(...costs), name).toBeGreaterThan(1e6);
  }
});
