import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { workOf } from '../../../generators/dims/budget.js';
import { workLimit } from '../../../generators/dims/dims.js';
import { withinLimits } from '../../../generators/lib/limits.js';
import { type CaseNeeds, type DrawRequest, features } from '../../../generators/lib/needs.js';
import { drawCase } from '../../../generators/lib/seeds.js';
import { validateCase } from '../../../generators/validate.js';
import { caseArbitrary, whyUndrawable } from '../../../generators/whole/case.js';
import { maskForm, masksOf } from '../../../generators/whole/mask-form.js';
import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { excludedBy } from '../../../spec/claims/excluded.js';
import { checkDocument } from '../../../spec/lib/documents.js';
import type { Capabilities, Case, Mask, Operator } from '../../../spec/types/documents.js';
import { asksAll, runsOf } from '../../some.js';
import { capable, library, request } from '../capable.js';

const needs: fc.Arbitrary<CaseNeeds> = fc.constantFrom<CaseNeeds>(
  {},
  { gradients: true },
  { plainScores: true, distributions: ['visibility'] },
  { split: true },
  { views: true, gradients: true },
  { emptyRows: true, plainScores: true },
  { hiddenKeys: true },
);
const requests: fc.Arbitrary<DrawRequest> = fc.oneof(
  fc.record({
    operator: fc.constant('softmax'),
    feature: fc.constantFrom(undefined, ...features),
    mask: fc.constant('any'),
    dtype: fc.constant('f32' as const),
    needs,
  }),
  fc.record({
    operator: fc.constant('softmax'),
    mask: fc.constantFrom(...library.masks.keys()),
    dtype: fc.constant('f16' as const),
    needs,
  }),
  fc.record({
    operator: fc.constantFrom('linear', 'linear-causal', 'linear-decay', 'efficient', 'linear-softmax'),
    feature: fc.constantFrom(undefined, 'grouped' as const, 'cross' as const, 'wide-v' as const, 'all' as const),
    mask: fc.constantFrom('full', 'any'),
    dtype: fc.constant('f32' as const),
    needs,
  }),
);

const limit = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 3 }),
  fc.record(
    { min: fc.integer({ min: 1, max: 20 }), max: fc.integer({ min: 20, max: 90 }), multipleOf: fc.constantFrom(1, 2, 8, 16) },
    { requiredKeys: [] },
  ),
);
const claims: fc.Arbitrary<Partial<Capabilities>> = fc.record(
  {
    masks: fc.subarray([...library.masks.keys()]),
    denseMask: fc.constantFrom(false, 'boolean', 'additive', 'both'),
    denseMaskShapes: fc.subarray(['b h m n', '1 1 m n', 'b 1 1 n', '1 h m n'], { minLength: 1 }),
    options: fc.subarray(['scale', 'softcap', 'sink', 'alibi', 'bias', 'eps', 'decay']),
    limits: fc.dictionary(
      fc.constantFrom('b', 'hk', 'g', 'm', 'n', 'd', 'e'),
      fc.oneof({ weight: 4, arbitrary: limit }, { weight: 1, arbitrary: fc.constantFrom('=d', '=n', '=hk') }),
      {
        maxKeys: 4,
      },
    ),
    excludes: fc.subarray([
      { mask: { name: 'sliding-window' } },
      { options: { sink: true } },
      { gradients: true, options: { softcap: true } },
      { layout: 'blhd' },
    ]),
    grouped: fc.boolean(),
    strided: fc.boolean(),
    layouts: fc.subarray(['bhld', 'blhd', 'thd'] as const, { minLength: 1 }),
    dialect: fc.constantFrom({}, { causal: 'top-left', maskedNaN: 'leaks' } as const, { window: 'exclusive', heads: 'tiled' } as const),
    compilesPer: fc.subarray(['m', 'n', 'd']),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<Capabilities>>;

/** Holds a case to everything that is promised of it. */
function expectWithinClaims(c: Case, capabilities: FullCapabilities, { needs: wanted, feature, mask }: DrawRequest): void {
  checkDocument('case', c, 'case');
  validateCase(library, c, 'case');
  const { b, hk, g, m, n, d, e } = c.dims;
  const whole = (part: number) => part === 0 || withinLimits(capabilities.limits, { ...c.dims, n: part });
  expect(withinLimits(capabilities.limits, c.dims)).toBe(true);
  expect(excludedBy(capabilities, c, wanted.gradients === true)).toBeUndefined();
  expect(maskForm(Claims.of(library, capabilities), c, masksOf(library, c).own)).toBeDefined();
  expect(capabilities.layouts).toContain(c.layout);
  for (const option of Object.keys(c.options)) expect(capabilities.options).toContain(option);
  if (!capabilities.grouped) expect(g).toBe(1);
  if (!capabilities.strided) expect(c.views).toBeUndefined();
  expect(c.split?.every(whole) ?? !wanted.split).toBe(true);
  if (wanted.plainScores) expect(c.options).toEqual({});
  if (wanted.distributions) expect(wanted.distributions).toContain(c.values.distribution);
  if (mask !== 'any') expect(c.mask).toMatchObject({ name: mask });
  if (feature === 'cross') expect(m).not.toBe(n);
  else if (feature === 'wide-v') expect(d).not.toBe(e);
  else if (feature === 'grouped') expect(g).toBeGreaterThan(1);
  else if (feature === 'composed') expect(c.mask).not.toHaveProperty('name');
  else if (feature === 'packed') expect(c.packed).toBeDefined();
  else if (feature !== undefined && feature !== 'all') expect(c.options).toHaveProperty(feature);
  if (feature === undefined && mask !== 'any') {
    expect([m, d]).toEqual([n, e]);
    if (!wanted.plainScores) expect(g).toBe(1);
    expect(Object.keys(c.options).filter((option) => !['scale', 'eps', 'decay'].includes(option))).toEqual([]);
  }
  expect(b * hk).toBeGreaterThan(0);
}

test.prop([claims, requests, fc.nat()], { numRuns: runsOf(12, 40) })(
  'draws and shrinks stay within any claims',
  (claimed, drawn, seed) => {
    const capabilities = capable(claimed);
    fc.pre(whyUndrawable(Claims.of(library, capabilities), drawn) === undefined);
    const arbitrary = caseArbitrary(Claims.of(library, capabilities), drawn);
    let current = drawCase(arbitrary, seed);
    expectWithinClaims(current.value, capabilities, drawn);
    for (let step = 0; step < 3; step++) {
      const candidates = [...arbitrary.shrink(current.value, current.context)];
      for (const { value } of candidates) {
        expectWithinClaims(value, capabilities, drawn);
        expect(value).not.toEqual(current.value);
      }
      if (candidates.length === 0) return;
      current = candidates[(seed + step) % candidates.length];
    }
  },
  120_000,
);

test.prop([requests, fc.nat()], { numRuns: 200 })('a case costs no more than the work of one case', (drawn, seed) => {
  fc.pre(whyUndrawable(Claims.of(library, capable()), drawn) === undefined);
  const { value } = drawCase(caseArbitrary(Claims.of(library, capable()), drawn), seed);
  expect(workOf(value.dims)).toBeLessThanOrEqual(workLimit(library.operators.get(drawn.operator) as Operator, drawn) * 1.1);
});

describe('what cannot be drawn', () => {
  const reasons: [string, Partial<Capabilities>, Partial<DrawRequest>, RegExp][] = [
    ['a mask that is neither named nor dense', { masks: ['full'], denseMask: false }, { mask: 'causal' }, /causal is not claimed/],
    ['a composed mask without dense masks', { denseMask: false }, { feature: 'composed' }, /no dense mask/],
    ['grouped heads', { grouped: false }, { feature: 'grouped' }, /grouped heads are not claimed/],
    ['one query head per key head only', { limits: { g: [1] } }, { feature: 'grouped' }, /no size for g/],
    ['m tied to n', { limits: { m: '=n' } }, { feature: 'cross' }, /no m that differs from n/],
    ['one head size', { limits: { d: [64], e: [64] } }, { feature: 'wide-v' }, /no d that differs from e/],
    ['an option', { options: ['scale'] }, { feature: 'sink' }, /sink is not claimed/],
    ['queries apart from keys that share their axis', {}, { operator: 'linear-causal', mask: 'full', feature: 'cross' }, /differs/],
    ['an option of another operator', {}, { operator: 'linear', mask: 'full', feature: 'softcap' }, /softcap is not claimed/],
    ['nothing but a packed layout', { layouts: ['thd'] }, {}, /only packed layouts/],
    ['no packed layout', { layouts: ['bhld'] }, { feature: 'packed' }, /thd is not claimed/],
    [
      'packed masks by name',
      { layouts: ['thd'], masks: ['document', 'padding'] },
      { feature: 'packed' },
      /none of the masks claimed by name/,
    ],
    ['packed batches of two', { limits: { b: [2] } }, { feature: 'packed' }, /no size for b/],
    [
      'packed documents of another operator',
      {},
      { operator: 'linear', feature: 'packed' },
      /the operator linear is not defined on packed documents/,
    ],
    ['an unknown operator', {}, { operator: 'nothing' }, /no operator "nothing"/],
    ['a dense mask that varies along an axis of size 1', { masks: [], denseMaskShapes: ['b 1 1 n'] }, { mask: 'causal' }, /not claimed/],
  ];
  test.skipIf(asksAll).each(reasons)('%s', (_, claimed, wished, reason) => {
    expect(whyUndrawable(Claims.of(library, capable(claimed)), request(wished))).toMatch(reason);
    expect(() => caseArbitrary(Claims.of(library, capable(claimed)), request(wished))).toThrow(reason);
  });

  test.skipIf(asksAll)('cases that are all excluded', () => {
    const arbitrary = caseArbitrary(Claims.of(library, capable({ excludes: [{ dtype: 'f32' }] })), request());
    expect(() => drawCase(arbitrary, 0)).toThrow(/excluded/);
  });
});

test.skipIf(asksAll)('where a size costs a compilation, a check has at most four of it', () => {
  for (const feature of [undefined, ...features]) {
    const arbitrary = caseArbitrary(
      Claims.of(library, capable({ compilesPer: ['m', 'n', 'd', 'e'] })),
      request({ feature, mask: feature ? 'any' : 'causal' }),
    );
    const cases = Array.from({ length: 400 }, (_, seed) => drawCase(arbitrary, seed).value.dims);
    for (const axis of ['m', 'n', 'd', 'e'] as const)
      expect(new Set(cases.map((dims) => dims[axis])).size, `${feature} ${axis}`).toBeLessThanOrEqual(4);
  }
});

test.skipIf(asksAll)('packed documents are of equal lengths about half of the time, and always where m is tied to n', () => {
  const packs = (limits: Capabilities['limits']) => {
    const arbitrary = caseArbitrary(Claims.of(library, capable({ layouts: ['thd'], limits })), request({ feature: 'packed' }));
    return Array.from({ length: 500 }, (_, seed) => drawCase(arbitrary, seed).value.packed as NonNullable<Case['packed']>);
  };
  const documents = packs({}).flatMap(({ q, k }) => q.map((queries, x) => queries === k[x]));
  const equal = documents.filter((same) => same).length / documents.length;
  expect(equal).toBeGreaterThan(0.4);
  expect(equal).toBeLessThan(0.65);
  for (const { q, k } of packs({ m: '=n' })) expect(q).toEqual(k);
});

test.skipIf(asksAll)('windows are drawn at their boundaries', () => {
  const arbitrary = caseArbitrary(Claims.of(library, capable()), request({ mask: 'sliding-window' }));
  const windows = Array.from({ length: 1500 }, (_, seed) => {
    const { mask, dims } = drawCase(arbitrary, seed).value;
    return { ...(mask as { parameters: Record<'left' | 'right', number> } & Mask).parameters, n: dims.n };
  });
  const share = (holds: (w: (typeof windows)[number]) => boolean) => windows.filter(holds).length / windows.length;
  expect(share(({ left }) => left === -1)).toBeGreaterThan(0.05);
  expect(share(({ left }) => left === 0)).toBeGreaterThan(0.04);
  expect(share(({ left, right }) => left === 1 || right === 1)).toBeGreaterThan(0.08);
  expect(share(({ left, n }) => left >= n)).toBeGreaterThan(0.05);
  expect(share(({ left, n }) => left < n && [7, 8, 9, 15, 16, 17].includes(left))).toBeGreaterThan(0.06);
  expect(share(({ left, right, n }) => left !== right && left >= 0 && right >= 0 && left < n && right < n)).toBeGreaterThan(0.25);
});
