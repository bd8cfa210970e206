import { describe, expect, it } from 'vitest';
import { calls, play } from '../../../generators/history/play.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Case, Operation } from '../../../spec/types/documents.js';
import { firstOf } from '../../some.js';
import { capable, library, request } from '../capable.js';

const capabilities = capable({ pages: { sizes: [16, 4], append: true } });

/** History of the smallest case found by shrinking the first case for which the predicate holds. */
function shrunk(history: 'pages' | 'appends', seed: number, fails: (c: Case) => boolean): Operation[] {
  const arbitrary = caseArbitrary(Claims.of(library, capabilities), request({ needs: { history, calls: 8 } }));
  let index = 0;
  let current = drawCase(arbitrary, caseSeed(seed, index, 0));
  while (!fails(current.value)) current = drawCase(arbitrary, caseSeed(seed, ++index, 0));
  for (;;) {
    const next = [...arbitrary.shrink(current.value, current.context)].find((candidate) => fails(candidate.value));
    if (!next) return current.value.history ?? [];
    current = next;
  }
}

/** True if some call of the case's history fits. */
const someCall = (fits: (call: ReturnType<typeof play>) => boolean) => (c: Case) => calls(c.history ?? []).some((h) => fits(play(h)));
const seeds = firstOf([0, 1, 2, 3], 2);
const create: Operation = { op: 'create', page: 4 };
const append = (sequences: number[], tokens = 1): Operation => ({ op: 'append', sequences, tokens });

describe('a fault in a paged cache that needs', () => {
  it.each<[string, (c: Case) => boolean, Operation[]]>([
    ['any call (its capacity taken as its length)', () => true, [create, append([0])]],
    [
      'a page that is full',
      someCall(({ entries, page }) => entries.some(({ sequence }) => sequence.length > page)),
      [create, append([0], 5)],
    ],
    ['two sequences', someCall(({ entries }) => entries.length > 1), [create, append([0, 1])]],
    [
      'a fork, and a call on both after it',
      (c) => {
        const fork = c.history?.findIndex(({ op }) => op === 'fork') ?? -1;
        return fork >= 0 && (c.history ?? []).slice(fork).filter(({ op }) => op === 'append').length > 1;
      },
      [create, append([0]), { op: 'fork', from: 0, to: 1 }, append([0]), append([0])],
    ],
    ['a chunk', (c) => calls(c.history ?? []).length > 1, [create, append([0]), append([0])]],
  ])('%s shrinks to the shortest history', (_, fails, expected) => {
    for (const seed of seeds) expect(shrunk('pages', seed, fails), `seed ${seed}`).toEqual(expected);
  });

  it.each<[string, (c: Case) => boolean, number]>([
    ['a fork', (c) => c.history?.some(({ op }) => op === 'fork') ?? false, 4],
    ['an eviction', (c) => c.history?.some(({ op }) => op === 'evict') ?? false, 4],
    [
      'a page that is used again',
      someCall(({ entries, before, page }) => before[entries[0].pages[0] * page] >= 0 && entries[0].sequence.length === 1),
      4,
    ],
    [
      'pages that do not follow each other',
      someCall(({ entries }) => entries.some(({ pages }) => pages.some((page, x) => x > 0 && page !== pages[x - 1] + 1))),
      4,
    ],
    ['other lengths in one call', someCall(({ entries }) => new Set(entries.map(({ sequence }) => sequence.length)).size > 1), 3],
  ])('%s shrinks to so few operations', (_, fails, most) => {
    for (const seed of seeds) expect(shrunk('pages', seed, fails).length, `seed ${seed}`).toBeLessThanOrEqual(most);
  });

  it('nothing of pages shrinks to a contiguous cache, where there is one', () => {
    for (const seed of seeds) expect(shrunk('appends', seed, () => true)).toEqual([append([0])]);
  });
});
