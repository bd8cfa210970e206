import { describe, expect, it } from 'vitest';
import { keySlot, type PagedCache } from '../../../../adapters/controls/reference/steps/paged.js';
import type { HistoryCase } from '../../../../generators/history/inputs.js';
import { Claims } from '../../../../spec/claims/claims.js';
import type { Case, Operation } from '../../../../spec/types/documents.js';
import { rowsOfHistory } from '../../../../suites/diagnosis/weights/history.js';
import { weightsReadings } from '../../../../suites/diagnosis/weights/reading.js';
import { claims, judgeKernel, library, referenceWith } from '../../properties/on-kernel.js';
import { caseOf } from '../../properties/support.js';
import { checked } from '../../runner/checked.js';

const [reading] = weightsReadings;

/** Two sequences of the call, which have 8 and 2 tokens, and one that has 3 others; 13 tokens in all. */
const history: Operation[] = [
  { op: 'create', page: 4 },
  { op: 'append', sequences: [0], tokens: 6 },
  { op: 'append', sequences: [3], tokens: 3 },
  { op: 'fork', from: 0, to: 1 },
  { op: 'append', sequences: [1, 2], tokens: 2 },
];
const paged: Case = { ...caseOf({ sizes: { b: 2, m: 2, n: 8 } }), mask: { name: 'causal' }, history };
const contiguous: Case = {
  ...caseOf({ sizes: { b: 1, m: 2, n: 7 } }),
  mask: { name: 'causal' },
  history: [
    { op: 'append', sequences: [0], tokens: 5 },
    { op: 'append', sequences: [0], tokens: 2 },
  ],
};

/** A kernel that reads other slots of the pages. */
const slots = (slotOf: (cache: PagedCache, b: number, position: number) => number) =>
  referenceWith({
    keySlots: (cache, b) => Array.from({ length: cache.lengths[b] + cache.tokens }, (_, position) => slotOf(cache, b, position)),
  });

const otherPage = slots((cache, b, position) => (b === 0 && position >= 4 ? keySlot(cache, 1, position - 4) : keySlot(cache, b, position)));

describe('the weights in a cache', () => {
  it('are right where the kernel is', async () => {
    for (const c of [paged, contiguous]) expect((await judgeKernel(reading, referenceWith(), c)).status).toBe('pass');
    expect(reading.calls(paged, Claims.of(library, claims())).map(({ case: c }) => c.values.columns)).toEqual([0, 3, 6, 9, 12]);
  });

  it.each([
    [
      'a page is that of another sequence',
      otherPage,
      /^query \d.* of batch entry 0.*key 0 of batch entry 1, have weight, 0\.\d+ in all, but must have none/,
    ],
    [
      'a page belongs to a sequence that is not called',
      slots((cache, b, position) => (position < 4 ? 8 + position : keySlot(cache, b, position))),
      /token 6 of the history, which no sequence of the call has.*, but must have none/,
    ],
    [
      'slots are mixed up',
      slots((cache, b, position) => keySlot(cache, b, position) ^ 1),
      /key \d of 2 has weight, 1 in all, but must have none; their sum is right$/,
    ],
    [
      'a slot has no token',
      slots((cache, b, position) => keySlot(cache, b, position === 1 ? 2 : position)),
      /^query 1 .* of batch entry 1.*: a slot without a token has weight, 1 in all, but must have none; their sum is right$/,
    ],
  ])('are described where %s', async (_, kernel, text) => {
    expect(await judgeKernel(reading, kernel, paged)).toMatchObject({ class: 'weights', message: expect.stringMatching(text) });
  });

  it('are not taken for those of a slot without a token where weights may be more than 1', () => {
    const numbers = (x: number) => new Float64Array(13).fill(x);
    const row = { name: 'query 0', expected: numbers(0), limit: numbers(0.1), actual: numbers(50) };
    const named = (areShares: boolean) =>
      rowsOfHistory([row, row], paged as HistoryCase, 'f32', areShares).map(({ strangers = [] }) => strangers.map(({ name }) => name));
    expect(named(true)[0]).toContain('a slot without a token');
    expect(named(false)[0]).not.toContain('a slot without a token');
    expect(named(false)[1]).toContain('key 0 of batch entry 0');
  });

  it('are said of a failure that nothing explains', async () => {
    const firstPageAgain = slots((cache, b, position) => keySlot(cache, b, position < 4 ? position : position - 4));
    const { failure } = await checked(firstPageAgain, 'softmax/any/cache-history/f32', { pages: { sizes: [4], append: true } });
    expect(failure?.hint).toBeUndefined();
    expect(failure?.weights).toMatch(/^query \d.*key 0 of 5 has [\d.]+ times its weight, .*key 4 of 5 has no weight; their sum is right$/);
  });
});
