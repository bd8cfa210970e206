import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case } from '../../../../../spec/types/documents.js';
import { placementsOf } from '../../../../../suites/diagnosis/hints/ranks/placement.js';
import { caseOn, claimsOf } from './case-on.js';

describe('where tokens lie on ranks', () => {
  it('is one place for each token, by its rank and in its order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ring', 'ring-zigzag', 'ring-striped', 'ulysses'),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 40 }),
        (scheme, ranks, n) => {
          const [{ owner, local, tokens, assumed }, ...more] = placementsOf(claimsOf(), caseOn(scheme, ranks, n));
          expect([more.length, assumed, tokens.length]).toEqual([0, '', ranks]);
          expect(tokens.flat().sort((x, y) => x - y)).toEqual(Array.from({ length: n }, (_, token) => token));
          for (let token = 0; token < n; token++) expect(tokens[owner[token]][local[token]]).toBe(token);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has padding where the shards have more places than there are tokens', () => {
    const isPadded = (scheme: string, ranks: number, n: number) => placementsOf(claimsOf(), caseOn(scheme, ranks, n))[0].isPadded;
    expect([isPadded('ring', 2, 6), isPadded('ring', 4, 6)]).toEqual([false, true]);
    // two chunks a rank
    expect([isPadded('ring-zigzag', 2, 8), isPadded('ring-zigzag', 2, 6), isPadded('ring-zigzag', 2, 2)]).toEqual([false, true, true]);
  });

  it('is assumed where no document says it', () => {
    const claims = claimsOf({ schemes: { mine: { worlds: [2, 4] } } });
    const found = placementsOf(claims, caseOn('mine', 2, 8));
    expect(found.map(({ assumed }) => assumed)).toEqual([', with contiguous shards', ', with zigzag shards', ', with striped shards']);
    expect(found.map(({ tokens }) => tokens[0])).toEqual([
      [0, 1, 2, 3],
      [0, 1, 6, 7],
      [0, 2, 4, 6],
    ]);
  });

  it('is unknown on one rank, of more queries than keys, and where all ranks have the queries or a program places the tokens', () => {
    for (const c of [
      caseOn('ring', 1),
      caseOn('ring', 2, 24, 30),
      caseOn('tree-decode', 2),
      caseOn('hybrid', 2),
      { ...caseOn('ring', 2), parallel: undefined },
    ])
      expect(placementsOf(claimsOf(), c as Case)).toEqual([]);
  });
});
