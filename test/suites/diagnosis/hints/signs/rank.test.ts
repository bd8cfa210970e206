import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownersOf } from '../../../../../spec/scheme/owners.js';
import { layoutOf } from '../../../../../spec/scheme/world.js';
import { worldFor } from '../../../../../spec/scheme/world-for.js';
import { tensor } from '../../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../../spec/types/documents.js';
import { rankHint } from '../../../../../suites/diagnosis/hints/signs/rank.js';
import { caseOn, claimsOf, library } from '../ranks/case-on.js';

const claims = claimsOf();

/** Hint on an output whose elements are wrong at these tokens. */
function hint(c: Case, output: 'o' | 'lse' | 'dk', isWrong: (token: number) => boolean): string | undefined {
  const shape = { o: [1, 2, 24, 3], lse: [1, 2, 24], dk: [1, 1, 24, 2] }[output];
  const size = shape.reduce((x, y) => x * y);
  const inner = output === 'lse' ? 1 : shape[3];
  const value = new Float64Array(size).fill(1);
  const actual = value.map((x, i) => (isWrong(Math.floor(i / inner) % 24) ? x + 1 : x));
  const expected = { shape, value, bound: new Float64Array(size).fill(1e-9) };
  return rankHint({ output, class: 'value', actual: tensor('f64', shape, actual), expected, flushToZero: false }, claims, c);
}

describe('wrong elements on one rank', () => {
  it('name it, wherever the layout puts its tokens', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ring', 'ring-zigzag', 'ring-striped', 'all-gather'),
        fc.constantFrom(2, 3, 4),
        fc.constantFrom('o' as const, 'lse' as const, 'dk' as const),
        fc.nat(3),
        (scheme, ranks, output, one) => {
          const c = caseOn(scheme, ranks);
          const owners = ownersOf(layoutOf(worldFor(library, c)), 24);
          const rank = one % ranks;
          const told = rank === ranks - 1 ? 'the last rank' : `rank ${rank}`;
          expect(hint(c, output, (token) => owners[token] === rank)).toBe(
            `the wrong elements of ${output} all belong to tokens of ${told}; those of the other ranks are right`,
          );
          expect(hint(c, output, (token) => owners[token] !== rank && ranks > 2)).toBeUndefined();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('say nothing on one rank, of one token, without ranks, or where a program places the tokens', () => {
    const { parallel: _, ...alone } = caseOn('ring', 2);
    expect(hint(alone, 'o', (token) => token < 4)).toBeUndefined();
    expect(hint(caseOn('ring', 1), 'o', (token) => token < 4)).toBeUndefined();
    expect(hint(caseOn('ring', 4), 'o', (token) => token === 4)).toBeUndefined();
    expect(hint(caseOn('magi', 4), 'o', (token) => token < 4)).toBeUndefined();
  });
});
