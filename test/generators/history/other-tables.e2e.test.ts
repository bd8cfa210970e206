import { describe, expect, it } from 'vitest';
import type { HistoryCase } from '../../../generators/history/inputs.js';
import { isPaged, pagedTensors, pagesAfter } from '../../../generators/history/pages.js';
import { play, sizesOf } from '../../../generators/history/play.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { problemOf } from '../../../generators/problem.js';
import { validateCase } from '../../../generators/validate.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { type Tensor, type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Change, Operation } from '../../../spec/types/documents.js';
import { capable, library, request } from '../capable.js';

const claims = Claims.of(library, capable({}));

const history: Operation[] = [
  { op: 'create', page: 4 },
  { op: 'append', sequences: [0, 1], tokens: 6 },
  { op: 'append', sequences: [1], tokens: 3 },
  { op: 'append', sequences: [0, 1], tokens: 2 },
];

const plain: HistoryCase = {
  operator: 'softmax',
  dims: { b: 2, hk: 2, g: 2, m: 2, n: 11, d: 3, e: 5 },
  mask: { name: 'causal' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  history,
  values: { distribution: 'normal', seed: 3 },
};

const withChanges = (c: HistoryCase, ...names: string[]): HistoryCase => ({
  ...c,
  values: { ...c.values, transform: names.map((change): Change => ({ change })) },
});

/** Names of the tensors that are not the same to the bit. */
const different = (a: Tensors, b: Tensors) =>
  Object.keys(a).filter((name) => JSON.stringify([...valuesOf(a[name])]) !== JSON.stringify([...valuesOf(b[name])]));

const places = (a: Tensor, b: Tensor) => [...valuesOf(a)].flatMap((x, at) => (Object.is(x, valuesOf(b)[at]) ? [] : [at]));

describe.each([true, false])('a call on pages where the kernel appends: %s', (append) => {
  const tensors = (c: HistoryCase) => pagedTensors(claims, c, append);

  it('has another table, in one place, and all else as it was', () => {
    const [before, after] = [tensors(plain), tensors(withChanges(plain, 'block_table'))];
    expect(different(before, after)).toEqual(['block_table']);
    expect(places(before.block_table, after.block_table)).toHaveLength(1);
  });

  it('has one length less by one, and all else as it was', () => {
    const [before, after] = [tensors(plain), tensors(withChanges(plain, 'cache_lengths'))];
    expect(different(before, after)).toEqual(['cache_lengths']);
    // the longer sequence stays: it makes the sizes of the call
    expect([...after.cache_lengths.data]).toEqual([before.cache_lengths.data[0] - 1, before.cache_lengths.data[1]]);
  });

  it.each([
    ['k_pages', 'k'],
    ['v_pages', 'v'],
    ['q', 'q'],
  ])('has one element of %s or of what is appended to it another', (name, changed) => {
    const [before, after] = [tensors(plain), tensors(withChanges(plain, changed))];
    const found = different(before, after);
    expect(found).toHaveLength(1);
    expect([name, `${changed}_new`]).toContain(found[0]);
    expect(places(before[found[0]], after[found[0]])).toHaveLength(1);
  });

  it('has one change more and all else as it was', () => {
    const names = ['v', 'k', 'q', 'block_table', 'cache_lengths'];
    for (let seed = 0; seed < 50; seed++) {
      const c = { ...plain, values: { ...plain.values, seed } };
      const calls = names.map((_, count) => tensors(withChanges(c, ...names.slice(0, count + 1))));
      const found = calls.slice(1).map((after, at) => different(calls[at], after));
      for (const one of found) expect(one, `seed ${seed}`).toHaveLength(1);
      expect(found.slice(2)).toEqual([['block_table'], ['cache_lengths']]);
    }
  });

  it('reads through its table what the oracle is asked, whatever is drawn', () => {
    const capabilities = capable({ pages: { sizes: [4, 1], append } });
    const arbitrary = caseArbitrary(Claims.of(library, capabilities), request({ needs: { changes: true } }));
    const seen: Record<string, number> = {};
    for (let index = 0; index < 400; index++) {
      const { value } = drawCase(arbitrary, caseSeed(9, index, 0));
      if (!isPaged(value)) continue;
      validateCase(library, value, 'case');
      expect(value.dims).toMatchObject(sizesOf(play(value.history)));
      for (const change of value.values.transform ?? []) if ('change' in change) seen[change.change] = (seen[change.change] ?? 0) + 1;
      const only: HistoryCase = {
        ...value,
        values: { ...value.values, transform: value.values.transform?.filter((change) => !('to' in change)) },
      };
      if (only.values.transform?.length === 0) continue;
      const { k, q } = problemOf(Claims.of(library, capabilities), only).inputs;
      const given = tensors(only);
      const pages = append ? pagesAfter(claims, only).k_pages : given.k_pages;
      const [, size] = pages.shape;
      const { b, hk, m, n, d } = only.dims;
      const keys = valuesOf(pages);
      for (let entry = 0; entry < b; entry++) {
        const length = given.cache_lengths.data[entry] + (append ? m : 0);
        expect(length).toBeLessThanOrEqual(n);
        for (let position = 0; position < length; position++) {
          const page = given.block_table.data[entry * given.block_table.shape[1] + Math.floor(position / size)];
          for (let h = 0; h < hk; h++) {
            const at = ((entry * hk + h) * n + position) * d;
            const slot = ((page * size + (position % size)) * hk + h) * d;
            expect([...k.data.subarray(at, at + d)]).toEqual([...keys.subarray(slot, slot + d)]);
          }
        }
      }
      if (only.layout === 'bhld') expect([...valuesOf(given.q)]).toEqual([...q.data]);
    }
    // drawn often enough that a check of 50 cases has several
    for (const name of ['block_table', 'cache_lengths']) expect(seen[name], name).toBeGreaterThan(24);
  });
});

it('is as it was where no page, or no length, can be another', () => {
  const alone: HistoryCase = {
    ...plain,
    dims: { ...plain.dims, b: 1, n: 6, m: 6 },
    history: history.slice(0, 1).concat({ op: 'append', sequences: [0], tokens: 6 }),
  };
  const before = pagedTensors(claims, alone, true);
  expect(different(before, pagedTensors(claims, withChanges(alone, 'block_table', 'cache_lengths'), true))).toEqual([]);
});

it('is refused where there are no pages', () => {
  const { history: _, ...rest } = withChanges(plain, 'block_table');
  expect(() => validateCase(library, rest, 'case')).toThrow(/transform\[0\]\.change: found "block_table"/);
});
