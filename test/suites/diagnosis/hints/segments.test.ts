import { describe, expect, it } from 'vitest';
import { visibilityOf } from '../../../../adapters/controls/mutants/lib/problem-steps.js';
import { documents, type PackedDocument } from '../../../../adapters/controls/reference/steps/packed.js';
import { keySlot, keySlots, type PagedCache } from '../../../../adapters/controls/reference/steps/paged.js';
import { offset } from '../../../../adapters/controls/reference/steps/scores.js';
import { rescale } from '../../../../adapters/controls/reference/steps/softmax-row.js';
import type { Steps } from '../../../../adapters/controls/reference/steps/steps.js';
import type { Case, Operation } from '../../../../spec/types/documents.js';
import type { Property } from '../../../../suites/contract/property.js';
import { cacheHistory } from '../../../../suites/properties/cache/cache-history.js';
import { chunkedPrefill } from '../../../../suites/properties/cache/chunked-prefill.js';
import { oracle } from '../../../../suites/properties/kernel/oracle.js';
import { diagnoseKernel, referenceWith } from '../../properties/on-kernel.js';
import { caseOf } from '../../properties/support.js';

async function hintOf(property: Property, steps: Partial<Steps>, c: Case): Promise<string | undefined> {
  const judgement = await diagnoseKernel(property, referenceWith(steps), c);
  if (judgement.status !== 'fail') throw new Error('this kernel must fail');
  return judgement.hint;
}

describe('hints of packed documents', () => {
  const packed: Case = {
    ...caseOf({ sizes: { b: 1, m: 9, n: 14 }, layout: 'thd', packed: { q: [3, 0, 2, 4], k: [5, 2, 4, 3] } }),
    mask: { name: 'causal' },
  };
  const found = (change: (all: readonly PackedDocument[], keys: number) => PackedDocument[]): Partial<Steps> => ({
    documents: (queries, keys) => change(documents(queries, keys), keys[keys.length - 1]),
  });
  const keysOf = (change: (document: PackedDocument, total: number) => readonly [number, number]) =>
    found((all, total) => all.map((document) => ({ ...document, keys: change(document, total) as [number, number] })));

  it.each<[string, Partial<Steps>]>([
    ['packed documents are one sequence', found((_, keys) => [{ queries: [0, 9], keys: [0, keys] }])],
    ['the first key is lost', keysOf(({ keys: [start, end] }) => [start + 1, end])],
    [
      'a packed document attends to the first key of the next one',
      keysOf(({ keys: [start, end] }, total) => [start, Math.min(end + 1, total)]),
    ],
    [
      'every packed document is taken to have as many keys as the longest',
      keysOf(({ keys: [start] }, total) => [start, Math.min(start + 5, total)]),
    ],
    ['the bounds of packed documents along the queries are used for the keys too', keysOf(({ queries }) => queries)],
    [
      'packed documents without queries are skipped, and the documents after them read the keys of earlier ones',
      found((all) => all.filter(({ queries: [start, end] }) => start < end).map(({ queries }, x) => ({ queries, keys: all[x].keys }))),
    ],
    ['every packed document uses the causal offset n − m of the first', { offset: () => 2 }],
  ])('%s', async (said, steps) => {
    expect(await hintOf(oracle, steps, packed)).toBe(`the output matches a kernel where ${said}`);
  });

  it('tiles that begin at the first key of each', async () => {
    const long: Case = {
      ...caseOf({ sizes: { b: 1, m: 9, n: 97 }, layout: 'thd', packed: { q: [5, 4], k: [37, 60] } }),
      mask: { name: 'full' },
    };
    const tiles = 'when a tile of 16 keys raises the maximum';
    const kept: Partial<Steps> = {
      rescale: (_, row, max) => {
        row.max = max;
      },
    };
    expect(await hintOf(oracle, kept, long)).toBe(
      `the output matches a kernel where neither the output nor the sum of the weights is rescaled ${tiles}`,
    );
    const first: Partial<Steps> = { rescale: (a, row, max, ...rest) => rescale(a, row, row.max === -Infinity ? max : row.max, ...rest) };
    // one case may leave two sizes open
    expect(await hintOf(oracle, first, { ...long, options: { scale: 60 } })).toMatch(
      /^the output matches a kernel where only the maximum of the first tile of 16( or 32)? keys is subtracted$/,
    );
  });

  it('a mask that is placed otherwise, beside an ALiBi that is not', async () => {
    const alibi: Case = { ...packed, options: { alibi: true } };
    const hint = await hintOf(
      oracle,
      visibilityOf((p) => ({ ...p, offset: 0 })),
      alibi,
    );
    expect(hint).toMatch(/^the output matches the dialect causal=top-left: /);
  });

  it('a mask that is wrong in each of them', async () => {
    const hint = await hintOf(oracle, { offset: (p) => offset(p) - 1 }, packed);
    expect(hint).toBe('the output matches a causal mask without its diagonal (j < i instead of j ≤ i)');
  });
});

describe('hints of a paged cache', () => {
  const history: Operation[] = [
    { op: 'create', page: 4 },
    { op: 'append', sequences: [0], tokens: 9 },
    { op: 'append', sequences: [1], tokens: 5 },
    { op: 'append', sequences: [0, 1], tokens: 2 },
  ];
  // a causal mask hides just the keys that are not there yet: of it both would be said
  const window = { name: 'sliding-window', parameters: { left: 3, right: 1 } };
  const paged: Case = { ...caseOf({ sizes: { b: 2, m: 2, n: 11 } }), mask: window, history };
  const slotsTo = (lengthOf: (length: number, cache: PagedCache) => number): Partial<Steps> => ({
    keySlots: (cache, b) =>
      Array.from({ length: lengthOf(cache.lengths[b] + cache.tokens, cache) }, (_, position) => keySlot(cache, b, position)),
  });

  it.each<[string, Partial<Steps>]>([
    [
      "attention reads the cache before the call's tokens are appended",
      slotsTo((length, { tokens }) => (length > tokens ? length - tokens : length)),
    ],
    ['queries are positioned as if the call had appended no keys', { offset: (p) => (p.n > p.m ? p.n - 2 * p.m : offset(p)) }],
    ['the last page of a sequence is skipped if it is not full', slotsTo((length) => (length < 4 ? length : length - (length % 4)))],
    [
      'every batch entry reads keys and values of the first',
      { keySlots: (cache, b) => keySlots(cache, 0).slice(0, keySlots(cache, b).length) },
    ],
  ])('%s', async (said, steps) => {
    expect(await hintOf(cacheHistory, steps, paged)).toBe(`the output matches a kernel where ${said}`);
  });
});

it.each<[string, Partial<Steps>]>([
  ['the dialect causal=top-left:', { offset: (p) => (p.m < p.n ? 0 : offset(p)) }],
  ['.*a causal mask that hides no key if there are fewer queries than keys$', visibilityOf((p) => (p.m < p.n ? { ...p, right: -1 } : p))],
])('a hint of a chunk makes no other chunk wrong: %s', async (said, steps) => {
  for (const chunks of [
    [1, 2],
    [3, 1, 2],
  ]) {
    const history = chunks.map((tokens): Operation => ({ op: 'append', sequences: [0], tokens }));
    const n = chunks.reduce((sum, tokens) => sum + tokens, 0);
    const c: Case = { ...caseOf({ sizes: { b: 1, m: 2, n } }), mask: { name: 'causal' }, history };
    expect(await hintOf(chunkedPrefill, steps, c)).toMatch(new RegExp(`^the output matches ${said}`));
  }
});
