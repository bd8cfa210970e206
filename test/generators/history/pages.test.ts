import { describe, expect, it } from 'vitest';
import type { HistoryCase } from '../../../generators/history/inputs.js';
import { pagedTensors, pagesAfter } from '../../../generators/history/pages.js';
import { calls, play, sizesOf } from '../../../generators/history/play.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { problemOf } from '../../../generators/problem.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { validateCase } from '../../../generators/validate.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { masksOf } from '../../../generators/whole/mask-form.js';
import { Claims } from '../../../spec/claims/claims.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Case, Operation } from '../../../spec/types/documents.js';
import { capable, library, request } from '../capable.js';

const claims = Claims.of(library, capable({}));

const history: Operation[] = [
  { op: 'create', page: 4 },
  { op: 'append', sequences: [0], tokens: 6 },
  { op: 'fork', from: 0, to: 1 },
  { op: 'append', sequences: [1, 2], tokens: 2 },
];

const paged: HistoryCase = {
  operator: 'softmax',
  dims: { b: 2, hk: 2, g: 2, m: 2, n: 8, d: 3, e: 5 },
  mask: { name: 'causal' },
  options: { sink: true },
  dtype: 'f32',
  layout: 'bhld',
  history,
  values: { distribution: 'normal', seed: 3 },
};

describe('a call on pages', () => {
  it('brings the pages, the table, the lengths before it and the new tokens', () => {
    const tensors = pagedTensors(claims, paged, true);
    const shapes = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
    expect(shapes).toEqual({
      q: [2, 4, 2, 3],
      k_pages: [5, 4, 2, 3],
      v_pages: [5, 4, 2, 5],
      block_table: [2, 3],
      cache_lengths: [2],
      k_new: [2, 2, 2, 3],
      v_new: [2, 2, 2, 5],
      sink: [4],
    });
    expect([...tensors.cache_lengths.data]).toEqual([6, 0]);
    expect(
      tensorsOf(Claims.of(library, capable({ pages: { sizes: [4], append: true } })), { ...paged, layout: 'blhd' }).k_new.shape,
    ).toEqual([2, 2, 2, 3]);
  });

  it('has the tokens in the pages already where the kernel appends none', () => {
    const tensors = pagedTensors(claims, paged, false);
    expect(tensors).not.toHaveProperty('k_new');
    expect([...tensors.cache_lengths.data]).toEqual([8, 2]);
    expect(tensors.k_pages).toEqual(pagesAfter(claims, paged).k_pages);
  });

  it('reads through its table what the oracle is asked', () => {
    const { k } = problemOf(Claims.of(library, capable({ pages: { sizes: [4] } })), paged).inputs;
    const { block_table, k_pages } = pagedTensors(claims, paged, false);
    const slots = valuesOf(k_pages);
    play(history).entries.forEach(({ sequence }, b) => {
      for (let position = 0; position < sequence.length; position++) {
        const slot = block_table.data[b * 3 + Math.floor(position / 4)] * 4 + (position % 4);
        for (let h = 0; h < 2; h++) {
          const at = ((b * 2 + h) * 8 + position) * 3;
          expect([...k.data.subarray(at, at + 3)]).toEqual([...slots.subarray((slot * 2 + h) * 3, (slot * 2 + h) * 3 + 3)]);
        }
      }
    });
  });

  it('keeps to the length of each sequence, with a causal offset of its own', () => {
    const { own } = masksOf(library, paged);
    expect(own.visible(0, 0, 0, 6)).toBe(true);
    expect(own.visible(0, 0, 0, 7)).toBe(false);
    expect(own.visible(1, 0, 0, 0)).toBe(true);
    expect(own.visible(1, 0, 1, 2)).toBe(false);
  });

  it('fills slots that hold no token with the poison of the case', () => {
    const unused = (values: Case['values']) => valuesOf(pagedTensors(claims, { ...paged, values }, true).k_pages).at(-1);
    expect(unused({ distribution: 'normal', seed: 3 })).toBe(1e4);
    expect(unused({ distribution: 'poison', seed: 3, poison: 'nan' })).toBeNaN();
  });

  it('finds tokens as the calls before left them', () => {
    const [first, second] = calls(history).map((h) => ({ ...paged, history: h, dims: { ...paged.dims, ...sizesOf(play(h)) } }));
    const left = valuesOf(pagesAfter(claims, first).k_pages);
    const found = valuesOf(pagedTensors(claims, second, true).k_pages);
    // the page that the fork shares, all four slots
    expect([...found.subarray(0, 4 * 2 * 3)]).toEqual([...left.subarray(0, 4 * 2 * 3)]);
  });
});

describe('cases with a history', () => {
  it.each(['pages', 'appends'] as const)('of %s are within the limits, and valid', (needed) => {
    const limits = { b: { max: 2 }, m: { max: 20, multipleOf: 2 }, n: { max: 64 }, d: [8, 16], e: '=d', hk: { max: 2 } };
    const capabilities = capable({ pages: { sizes: [4, 16] }, limits });
    const arbitrary = caseArbitrary(Claims.of(library, capabilities), request({ needs: { history: needed } }));
    for (let index = 0; index < 100; index++) {
      const { value } = drawCase(arbitrary, caseSeed(5, index, 0));
      for (const h of calls(value.history ?? [])) {
        const { b, m, n } = sizesOf(play(h));
        expect(b).toBeLessThanOrEqual(2);
        expect(m % 2).toBe(0);
        expect(n).toBeLessThanOrEqual(64);
      }
      expect(() => validateCase(library, value, 'case')).not.toThrow();
    }
  });

  it('have no pages of numbers with a scale, which belongs to a batch entry', () => {
    const draw = (stored: Capabilities['stored']) =>
      caseArbitrary(
        Claims.of(library, capable({ pages: { sizes: [4] }, ...(stored && { stored }) })),
        request({ needs: { history: 'pages' } }),
      );
    expect(() => draw(undefined)).not.toThrow();
    expect(() => draw({ k: 'f16' })).not.toThrow();
    for (const name of ['q', 'k', 'v']) expect(() => draw({ [name]: 'f8e4m3' })).toThrow(/pages are not claimed/);
  });

  it.each<[string, Partial<Case>, string]>([
    ['an operation that cannot be done', { history: [history[0], { op: 'free', sequence: 3 }, ...history.slice(1)] }, '$.history'],
    ['no append at its end', { history: history.slice(0, 3) }, '$.history'],
    ['pages that were never created', { history: history.slice(1) }, '$.history'],
    ['other sizes', { dims: { ...paged.dims, n: 9 } }, '$.dims.n'],
    ['a dense mask', { mask: { not: { name: 'causal' } } }, '$.mask'],
    ['a bias', { options: { bias: true } }, '$.options.bias'],
    ['a split', { split: [8] }, '$.split'],
    [
      'more slots than can be',
      {
        history: [
          { op: 'create', page: 1024 },
          { op: 'append', sequences: [...Array(256).keys()], tokens: 65536 },
        ],
      },
      '$.history',
    ],
  ])('are refused with %s', (_, changes, path) => {
    let found: unknown;
    try {
      validateCase(library, { ...paged, ...changes }, 'case');
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(DocumentError);
    expect((found as DocumentError).path).toBe(path);
  });

  it('is valid as it stands', () => {
    expect(() => validateCase(library, paged, 'case')).not.toThrow();
  });
});

describe('the inputs of a long call on pages', () => {
  const long: HistoryCase = {
    ...paged,
    dims: { b: 1, hk: 2, g: 2, m: 3, n: 131, d: 32, e: 4 },
    history: [
      { op: 'create', page: 4 },
      { op: 'append', sequences: [0], tokens: 128 },
      { op: 'permute', seed: 3 },
      { op: 'append', sequences: [0], tokens: 3 },
    ],
  };

  it.each(['targeted', 'counted', 'codebook'] as const)('are %s as those of the call without pages', (distribution) => {
    const options: Case['options'] = distribution === 'targeted' ? { sink: true } : {};
    const inPages: HistoryCase = { ...long, options, values: { distribution, seed: 5 } };
    const { history: _, ...alone } = inPages;
    const [x, y] = [problemOf(claims, inPages), problemOf(claims, alone)];
    const numbers = ({ inputs }: typeof x) => Object.entries(inputs).map(([name, { shape, data }]) => [name, shape, data]);
    expect(numbers(x)).toEqual(numbers(y));
    for (const known of ['focus', 'counts', 'codebook'] as const) expect(x[known]).toEqual(y[known]);
    expect(x.focus ?? x.counts ?? x.codebook).toBeDefined();
  });

  it('have no targets where a sequence is a fork, or one of several', () => {
    const forked: HistoryCase = { ...paged, dims: { ...paged.dims, d: 64 }, values: { distribution: 'targeted', seed: 5 } };
    expect(problemOf(claims, forked).focus).toBeUndefined();
  });
});
