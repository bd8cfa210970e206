import { describe, expect, it } from 'vitest';
import { plainCapabilities } from '../../../../adapters/controls/reference/capabilities.js';
import { withinLimits } from '../../../../generators/lib/limits.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { Claims } from '../../../../spec/claims/claims.js';
import type { Capabilities } from '../../../../spec/types/documents.js';
import { planDialect, tellsDialect } from '../../../../suites/diagnosis/dialect/plan.js';
import { claims, library } from './inferred.js';

describe('the calls', () => {
  const shapes: [string, Partial<Capabilities>][] = [
    ['of the reference', {}],
    ['of one that takes masks as a bias', plainCapabilities],
    ['of one that takes no mask', { masks: ['full'], denseMask: false }],
    ['of a tiled one', { limits: { m: { multipleOf: 16 }, n: { multipleOf: 16 }, d: [16, 32], e: '=d' } }],
    ['of one with as many queries as keys', { limits: { m: '=n' }, grouped: false }],
    ['of one with no more than one batch entry', { limits: { b: { max: 1 } }, options: [] }],
    ['of a causal one', { masks: ['causal'], denseMask: false, excludes: [{ options: { softcap: 1 } }] }],
  ];

  it.each(shapes)('%s keep to what is claimed, and are at most 80', (_, changes) => {
    const capabilities = claims({ ...changes, dtypes: ['f32'], ...(changes.masks && { numeric: {} }) });
    expect(tellsDialect(capabilities, 'f32')).toBe(true);
    const { calls, axes: planned } = planDialect(capabilities, 'f32');
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThanOrEqual(80);
    for (const { case: c } of calls) {
      expect(withinLimits(capabilities.limits, c.dims)).toBe(true);
      expect(Object.keys(c.options).every((name) => capabilities.options.includes(name))).toBe(true);
      tensorsOf(Claims.of(library, capabilities), c);
    }
    for (const { notAsked, calls: own } of planned) expect(notAsked === undefined).toBe(own.length > 0);
  });

  it('tell how heads are grouped where not all keys are seen', () => {
    const { axes } = planDialect(claims({ masks: ['causal'], denseMask: false }), 'f32');
    expect(axes.find(({ axis }) => axis === 'heads')?.calls).toHaveLength(1);
  });

  it('are none, and said to be none, for an operator without conventions', () => {
    const capabilities = claims({ operators: ['retention'], masks: ['full'], denseMask: false, outputs: ['o'], options: [] });
    expect(tellsDialect(capabilities, 'f32')).toBe(false);
    expect(planDialect(capabilities, 'f32').calls).toEqual([]);
    expect(tellsDialect(capabilities, 'f32')).toBe(false);
  });

  it('leave out what the kernel does not have, and say why', () => {
    const { axes: planned } = planDialect(
      claims({ masks: ['full'], denseMask: false, outputs: ['o'], options: [], grouped: false }),
      'f32',
    );
    expect(Object.fromEntries(planned.map(({ axis, notAsked }) => [axis, notAsked]))).toEqual({
      booleanMask: 'it takes no boolean mask',
      heads: 'grouped heads are not claimed',
      lseBase: 'it returns no LSE',
      causal: 'it takes no mask with a diagonal by name',
      window: 'it takes no window by name',
      softcap: 'option softcap is not claimed',
      bias: 'option softcap is not claimed',
      emptyOutput: 'mask padding is not claimed',
      emptyLse: 'it returns no LSE',
      lseSink: 'it returns no LSE',
      alibi: 'option alibi is not claimed',
      defaultScale: undefined,
      defaultEps: undefined,
      maskedNaN: 'no claimed mask hides a key from every query',
    });
  });
});
