import { describe, expect, test } from 'vitest';
import type { DrawRequest } from '../../../generators/lib/needs.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { problemOf } from '../../../generators/problem.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import { maskDialect } from '../../../spec/mask/mask-dialect.js';
import { elementsOf } from '../../../spec/tensor/case-elements.js';
import type { Case, Mask, MaskParameters } from '../../../spec/types/documents.js';
import { asksAll, firstOf } from '../../some.js';
import { capable, library, request } from '../capable.js';

/** The smallest case that the predicate still holds for, from the first draw that it holds for; and how many candidates that took. */
function shrunk(drawn: DrawRequest, seed: number, fails: (c: Case) => boolean): { value: Case; tried: number } {
  const arbitrary = caseArbitrary(Claims.of(library, capable()), drawn);
  let index = 0;
  let current = drawCase(arbitrary, caseSeed(seed, index, 0));
  while (!fails(current.value)) current = drawCase(arbitrary, caseSeed(seed, ++index, 0));
  let tried = 0;
  for (;;) {
    let next: typeof current | undefined;
    for (const candidate of arbitrary.shrink(current.value, current.context)) {
      if (++tried > 10_000) throw new Error(`no end: ${JSON.stringify(current.value)}, then ${JSON.stringify(candidate.value)}`);
      if (!fails(candidate.value)) continue;
      next = candidate;
      break;
    }
    if (!next) return { value: current.value, tried };
    current = next;
  }
}

const minimal: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 1, e: 1 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
};
const seeds = firstOf(
  Array.from({ length: 12 }, (_, seed) => seed),
  4,
);
const everything = request({ feature: 'all' });
const uses = (mask: Mask, name: string): boolean =>
  'name' in mask ? mask.name === name : Object.values(mask).some((part: Mask | Mask[]) => [part].flat().some((x) => uses(x, name)));

const parameters = (c: Case): MaskParameters => ('name' in c.mask ? (c.mask.parameters ?? {}) : {});
const lengths = (c: Case) => (parameters(c).lengths ?? []) as number[];

/** Visibility of each key for each query, in the first query head. */
function cells(c: Case): boolean[] {
  const { b, hk, g, m, n } = c.dims;
  const { visible } = compileMask(library, c.mask, { b, heads: hk * g, m, n, ...maskDialect(c) });
  return Array.from({ length: m * n }, (_, at) => visible(0, 0, Math.floor(at / n), at % n));
}

/** True if the first two heads see other keys. */
function differ(c: Case): boolean {
  const { b, hk, g, m, n } = c.dims;
  const { visible } = compileMask(library, c.mask, { b, heads: hk * g, m, n, ...maskDialect(c) });
  return Array.from({ length: m * n }, (_, at) => [Math.floor(at / n), at % n]).some(
    ([i, j]) => visible(0, 0, i, j) !== visible(0, 1, i, j),
  );
}

const hiding = request({ needs: { hiddenKeys: true } });
const production = request({ feature: 'all', needs: { passes: 1 }, speed: 'medium' });
const sized = (sizes: Record<string, number>): Case => ({ ...minimal, dims: { ...minimal.dims, ...sizes } });

/** Faults, and the smallest case that shows each: or, where two are and neither is a step from the other, both. */
const faults: [string, DrawRequest, (c: Case) => boolean, ...Case[]][] = [
  ['heads of 96', production, ({ dims: { d } }) => d === 96, sized({ d: 96 })],
  ['five query heads and more for a key head', production, ({ dims: { g } }) => g >= 5, sized({ g: 5 })],
  ['five batch entries and more', production, ({ dims: { b } }) => b >= 5, sized({ b: 5 })],
  ['seventeen query heads', production, ({ dims: { hk, g } }) => hk * g === 17, sized({ g: 17 })],
  ['many keys with large heads', production, ({ dims: { n, d } }) => n > 1024 && d >= 64, sized({ n: 1025, d: 64 })],
  ['many queries and keys', production, ({ dims: { m, n } }) => m >= 300 && n >= 300, sized({ m: 300, n: 300 })],
  ['three sizes together', production, ({ dims: { n, d, g } }) => n >= 130 && d >= 80 && g >= 3, sized({ n: 130, d: 80, g: 3 })],
  ['every case', everything, () => true, minimal],
  ['seventeen keys', everything, (c) => c.dims.n >= 17, { ...minimal, dims: { ...minimal.dims, n: 17 } }],
  ['n over m by three', everything, (c) => c.dims.n >= c.dims.m + 3, { ...minimal, dims: { ...minimal.dims, n: 4 } }],
  [
    'a sink with several heads',
    everything,
    (c) => c.options.sink === true && c.dims.g > 1,
    { ...minimal, options: { sink: true }, dims: { ...minimal.dims, g: 2 } },
  ],
  ['an e larger than d', everything, (c) => c.dims.e > c.dims.d, { ...minimal, dims: { ...minimal.dims, e: 2 } }],
  ['an e that is not d', everything, (c) => c.dims.e !== c.dims.d, { ...minimal, dims: { ...minimal.dims, e: 2 } }],
  ['an m that is not n', everything, (c) => c.dims.m !== c.dims.n, { ...minimal, dims: { ...minimal.dims, m: 2 } }],
  ['two heads or two batch entries', everything, (c) => c.dims.b + c.dims.hk > 2, { ...minimal, dims: { ...minimal.dims, hk: 2 } }],
  [
    'places of queries: a causal mask, or ALiBi',
    everything,
    (c) => uses(c.mask, 'causal') || c.options.alibi === true,
    { ...minimal, mask: { name: 'causal' } },
  ],
  [
    'masks of two heads that differ',
    everything,
    (c) => 'heads' in c.mask && c.dims.hk * c.dims.g > 1 && differ(c),
    { ...minimal, dims: { ...minimal.dims, g: 2, m: 2 }, mask: { heads: [{ name: 'full' }, { name: 'causal' }] } },
    {
      ...minimal,
      dims: { ...minimal.dims, g: 2 },
      mask: { heads: [{ name: 'full' }, { name: 'padding', parameters: { lengths: [0], side: 'left' } }] },
    },
  ],
  [
    'a hidden key, whatever hides it',
    hiding,
    (c) => cells(c).includes(false),
    { ...minimal, mask: { name: 'padding', parameters: { lengths: [0], side: 'left' } } },
  ],
  [
    'a query that does not see what its key would see as a query',
    hiding,
    (c) => c.dims.n === c.dims.m && cells(c).some((seen, at, all) => seen !== all[(at % c.dims.n) * c.dims.n + Math.floor(at / c.dims.n)]),
    { ...minimal, dims: { ...minimal.dims, m: 2, n: 2 }, mask: { name: 'causal' } },
  ],
  ['a causal mask, however composed', everything, (c) => uses(c.mask, 'causal'), { ...minimal, mask: { name: 'causal' } }],
  [
    'the distribution',
    everything,
    (c) => c.values.distribution === 'planted',
    { ...minimal, values: { distribution: 'planted', seed: 0 } },
  ],
  [
    'a change of the sink, of several',
    request({ needs: { changes: true } }),
    (c) => c.values.transform?.some((change) => 'change' in change && change.change === 'sink') === true,
    { ...minimal, options: { sink: true }, values: { ...minimal.values, transform: [{ change: 'sink' }] } },
  ],
  ['whatever is changed', request({ needs: { changes: true } }), () => true, minimal],
  ['the seed', everything, (c) => c.values.seed >= 100, { ...minimal, values: { distribution: 'normal', seed: 100 } }],
  [
    'a window to the left',
    request({ mask: 'sliding-window' }),
    (c) => (parameters(c).left as number) >= 0 && c.dims.n >= 2,
    { ...minimal, dims: { ...minimal.dims, m: 2, n: 2 }, mask: { name: 'sliding-window', parameters: { left: 0, right: -1 } } },
  ],
  [
    'a second document',
    request({ mask: 'document' }),
    (c) => lengths(c).filter((x) => x > 0).length > 1,
    { ...minimal, dims: { ...minimal.dims, m: 2, n: 2 }, mask: { name: 'document', parameters: { lengths: [1, 1] } } },
  ],
  [
    'padding of the second batch entry',
    request({ mask: 'padding' }),
    (c) => c.dims.b >= 2 && (lengths(c)[1] ?? 9) > 0 && c.dims.n > lengths(c)[1],
    { ...minimal, dims: { ...minimal.dims, b: 2, m: 2, n: 2 }, mask: { name: 'padding', parameters: { lengths: [0, 1], side: 'left' } } },
  ],
  [
    'an empty part between two',
    request({ mask: 'causal', needs: { split: true } }),
    (c) => (c.split ?? []).some((part, x, parts) => x > 0 && part === 0 && parts[x - 1] > 0 && parts[x + 1] > 0),
    { ...minimal, dims: { ...minimal.dims, m: 2, n: 2 }, mask: { name: 'causal' }, split: [1, 0, 1] },
  ],
  [
    'an empty document between two that is not the last',
    request({ feature: 'packed' }),
    (c) => (c.packed?.k ?? []).some((length, x, lengths) => x > 0 && length === 0 && lengths[x - 1] > 0 && lengths[x + 1] > 0),
    { ...minimal, dims: { ...minimal.dims, n: 2 }, layout: 'thd', packed: { q: [0, 0, 1], k: [1, 0, 1] } },
  ],
  [
    'a packed document with more queries than keys, under a causal mask',
    everything,
    (c) => uses(c.mask, 'causal') && (c.packed?.q ?? []).some((length, x) => length > (c.packed?.k[x] ?? 0) && c.packed?.k[x] !== 0),
    { ...minimal, dims: { ...minimal.dims, m: 2 }, mask: { name: 'causal' }, layout: 'thd', packed: { q: [2], k: [1] } },
  ],
  [
    'a packed document with more keys than queries, of which there are two',
    request({ feature: 'packed' }),
    (c) => (c.packed?.q ?? []).some((length, x) => length === 2 && (c.packed?.k[x] ?? 0) > 2),
    { ...minimal, dims: { ...minimal.dims, m: 2, n: 3 }, layout: 'thd', packed: { q: [2], k: [3] } },
  ],
  [
    'as many heads as batch entries, of which two are padded otherwise',
    request({ mask: 'padding' }),
    (c) => c.dims.b === c.dims.hk * c.dims.g && new Set(lengths(c).slice(0, c.dims.b)).size > 1,
    {
      ...minimal,
      dims: { ...minimal.dims, b: 2, hk: 2 },
      mask: { name: 'padding', parameters: { lengths: [0, 1], side: 'left' } },
    },
  ],
  // where a case may cost no more, a size is cut, and may grow as soon as another gets smaller
  ['exactly two query heads to a key head', everything, (c) => c.dims.g === 2, { ...minimal, dims: { ...minimal.dims, g: 2 } }],
  [
    'any view',
    request({ mask: 'causal', needs: { views: true } }),
    (c) => Object.keys(c.views ?? {}).length > 0,
    { ...minimal, mask: { name: 'causal' }, views: { do: { offset: 1 } } },
  ],
  [
    'a padded k',
    request({ mask: 'causal', needs: { views: true } }),
    (c) => (c.views?.k?.pad ?? 0) >= 2,
    { ...minimal, mask: { name: 'causal' }, views: { k: { pad: 2 } } },
  ],
];

describe.each(faults)('a fault that needs %s', (_, drawn, fails, ...expected) => {
  test('shrinks to the smallest such case from every seed', () => {
    for (const seed of seeds) {
      const { value, tried } = shrunk(drawn, seed, fails);
      if (expected.length === 1) expect(value, `seed ${seed}`).toEqual(expected[0]);
      else expect(expected, `seed ${seed}`).toContainEqual(value);
      expect(tried).toBeLessThan(1000);
    }
  });
});

test.skipIf(asksAll)('a feature stays while its check shrinks', () => {
  expect(shrunk(request({ feature: 'grouped' }), 1, () => true).value.dims).toEqual({ ...minimal.dims, g: 2 });
  expect(shrunk(request({ feature: 'cross' }), 1, () => true).value.dims).toEqual({ ...minimal.dims, m: 2 });
  expect(shrunk(request({ feature: 'wide-v' }), 1, () => true).value.dims).toEqual({ ...minimal.dims, e: 2 });
  expect(shrunk(request({ feature: 'softcap' }), 1, () => true).value.options).toEqual({ softcap: 1 });
  expect(shrunk(request({ feature: 'packed' }), 1, () => true).value.packed).toEqual({ q: [1], k: [1] });
  expect(shrunk(request({ feature: 'composed' }), 1, () => true).value.mask).toEqual({ not: { name: 'full' } });
});

/** Tells whether an exponential of a score, without the maximum of its row, overflows in float32. */
function overflows(c: Case): boolean {
  const { q, k } = problemOf(Claims.of(library, capable()), c).inputs;
  const { m, n, d, b, hk, g } = c.dims;
  const scale = (c.options.scale as number | undefined) ?? 1 / Math.sqrt(d);
  for (let row = 0; row < b * hk * g * m; row++) {
    const head = Math.floor(row / m / g);
    for (let j = 0; j < n; j++) {
      let score = 0;
      for (let x = 0; x < d; x++) score += q.data[row * d + x] * k.data[(head * n + j) * d + x];
      if (score * scale > 88.8) return true;
    }
  }
  return false;
}

test.each(['full', 'causal'])('an overflow of %s scores, which large values have at small sizes, shrinks to them', (mask) => {
  for (const seed of seeds) {
    const { value, tried } = shrunk(request({ mask }), seed, overflows);
    expect(elementsOf(value.dims), JSON.stringify(value)).toBeLessThanOrEqual(6);
    expect(tried).toBeLessThan(1000);
  }
});

test('a scheme that is wrong whatever the sizes is tried at a few tokens per rank first', () => {
  const scheme = request({ scheme: 'ring', mask: 'causal', needs: {} });
  const arbitrary = caseArbitrary(Claims.of(library, capable()), scheme);
  for (const seed of seeds) {
    const drawn = drawCase(arbitrary, caseSeed(seed, 0, 0));
    const ranks = drawn.value.parallel?.ranks ?? 1;
    if (drawn.value.dims.n <= ranks) continue;
    const [first] = arbitrary.shrink(drawn.value, drawn.context);
    expect(first.value.dims).toEqual({ ...minimal.dims, m: ranks, n: ranks });
  }
});
