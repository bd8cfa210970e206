import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallNames } from '../../../../adapters/backends/manifest/names.js';
import { shapesOf } from '../../../../adapters/backends/wgsl/outputs.js';
import { operatorDocuments } from '../../../../spec/operators/index.js';
import { rowMajor, tensor, transpose } from '../../../../spec/tensor/tensor.js';
import type { Capabilities, Case } from '../../../../spec/types/documents.js';

const capabilities: Capabilities = { dtypes: ['f32'], operators: ['softmax'], masks: ['full', 'causal', 'sliding-window', 'padding'] };
const plain: Case = {
  operator: 'softmax',
  dims: { b: 2, hk: 3, g: 2, m: 5, n: 7, d: 4, e: 6 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
};
const names = new CallNames(capabilities);
const inCall = (c: Partial<Case>, name: string, tensors = {}) => names.valuesIn({ ...plain, ...c }, tensors).get(name);

describe('the names of a manifest', () => {
  it('have a value in every call of every operator', () => {
    const operators = operatorDocuments.filter(({ outputs }) => 'o' in outputs).map(({ name }) => name);
    const all = new CallNames({ ...capabilities, operators });
    expect(all.all).toEqual(expect.arrayContaining(['$eps', '#r', 'is_gla', 'gate_stride_n', 'has_alibi']));
    for (const operator of operators) {
      const values = all.valuesIn({ ...plain, operator }, {});
      expect(
        all.all.filter((name) => !Number.isFinite(values.get(name))),
        operator,
      ).toEqual([]);
    }
  });

  it('are those of the claimed operators: another has no value', () => {
    expect(names.all).not.toContain('gate_stride_n');
    expect(inCall({}, 'gate_stride_n')).toBeUndefined();
  });

  it.each<[Partial<Case>, Record<string, number>]>([
    [{}, { h: 6, m: 5, '#m': 5, scale: 0.5, softcap: 0, eps: 1e-6, offset: 2, left: -1, right: -1, is_full: 1, is_causal: 0 }],
    [{ options: { scale: 2, softcap: 30 } }, { scale: 2, softcap: 30 }],
    [{ dialect: { defaultScale: '1', causal: 'top-left' } }, { scale: 1, offset: 0 }],
    [{ options: { scale: 3 }, dialect: { defaultScale: '1' } }, { scale: 3 }],
    [{ mask: { name: 'causal' } }, { is_causal: 1, is_full: 0, left: -1, right: 0 }],
    [{ mask: { name: 'sliding-window', parameters: { left: 3, right: 1 } } }, { is_sliding_window: 1, left: 3, right: 1 }],
    [{ mask: { name: 'padding', parameters: { lengths: [1, 2], side: 'right' } } }, { is_padding: 1, side: 1 }],
    [{ mask: { and: [{ name: 'causal' }, { name: 'full' }] } }, { is_causal: 0, is_full: 0, left: -1, right: -1 }],
    [
      { mask: { name: 'causal' }, block: { queries: [0, 5], keys: [3, 10], of: { name: 'causal' }, whole: [5, 10] } },
      { is_causal: 0, right: -1, offset: 2 },
    ],
  ])('for %j', (c, expected) => {
    for (const [name, value] of Object.entries(expected)) expect(inCall(c, name), name).toBe(value);
  });

  it('of a mask that travels as a tensor say nothing but that it is there', () => {
    const mask = tensor('bool', [2, 1, 5, 7]);
    const value = (name: string) => inCall({ mask: { name: 'causal' } }, name, { mask });
    expect(['has_mask', 'has_bias', 'is_causal', 'right'].map(value)).toEqual([1, 0, 0, -1]);
    expect(['b', 'h', 'm', 'n'].map((axis) => value(`mask_stride_${axis}`))).toEqual([35, 0, 7, 1]);
  });

  it('of strides find each element, in either layout and in any view', () => {
    const sizes = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: 4 })));
    fc.assert(
      fc.property(sizes, fc.constantFrom('bhld', 'blhd'), fc.nat(9), (shape, layout, offset) => {
        const t = { ...tensor('f32', shape), offset };
        const laid = layout === 'blhd' ? { ...transpose(t, [0, 2, 1, 3]), offset } : t;
        const c: Case = { ...plain, layout: layout as Case['layout'] };
        const values = names.valuesIn(c, shapesOf(c, { q: laid }, {}));
        expect([...'bhld'].map((axis) => values.get(`q_stride_${axis}`))).toEqual(rowMajor(shape));
        expect(values.get('q_offset')).toBe(offset);
      }),
    );
  });
});
