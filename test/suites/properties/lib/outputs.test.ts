import { describe, expect, it } from 'vitest';
import { Claims } from '../../../../spec/claims/claims.js';
import { type Tensors, tensorOf, transpose, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case, DType } from '../../../../spec/types/documents.js';
import { checkOutputs, normalise } from '../../../../suites/properties/lib/outputs.js';
import { capabilitiesOf, caseOf, library, problemOf } from '../support.js';

const zeros = (dtype: DType, shape: number[]) =>
  tensorOf(
    dtype,
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
  );
const c = caseOf({ sizes: { hk: 1, g: 3 } });
const capabilities = capabilitiesOf({ gradients: ['q', 'k', 'v', 'sink', 'dlse'], layouts: ['bhld', 'blhd'] });
const o = zeros('f32', [2, 3, 4, 3]);
const lse = zeros('f32', [2, 3, 4]);

function check(outputs: Tensors, drawn = c, command: 'forward' | 'backward' = 'forward') {
  return checkOutputs(
    { command, case: drawn },
    outputs,
    capabilities,
    problemOf(Claims.of(library, capabilities), drawn, command === 'backward'),
  );
}

describe('checkOutputs', () => {
  it('accepts what is claimed, in the dtype of the case or a wider one', () => {
    expect(check({ o, lse })).toBeUndefined();
    expect(check({ o: zeros('f64', [2, 3, 4, 3]), lse: zeros('f64', [2, 3, 4]) })).toBeUndefined();
    for (const dtype of ['bf16', 'f32', 'f64'] as const)
      expect(check({ o: zeros(dtype, [2, 3, 4, 3]), lse }, { ...c, dtype: 'bf16' })).toBeUndefined();
  });

  it('refuses a narrower or another type', () => {
    expect(check({ o: zeros('f16', [2, 3, 4, 3]), lse })).toMatchObject({
      class: 'dtype',
      output: 'o',
      message: 'o is f16, must be f32 or f64',
    });
    expect(check({ o: zeros('f16', [2, 3, 4, 3]), lse }, { ...c, dtype: 'bf16' })).toMatchObject({ class: 'dtype' });
    expect(check({ o: zeros('bf16', [2, 3, 4, 3]), lse: zeros('bf16', [2, 3, 4]) }, { ...c, dtype: 'bf16' })).toMatchObject({
      class: 'dtype',
      output: 'lse',
    });
    expect(check({ o: zeros('f64', [2, 3, 4, 3]), lse }, { ...c, dtype: 'f64' })).toMatchObject({ class: 'dtype', output: 'lse' });
  });

  it('wants every claimed output', () => {
    expect(check({ o })).toMatchObject({ class: 'shape', output: 'lse', message: 'lse is missing: it must be [2, 3, 4]' });
    expect(check({ lse })).toMatchObject({ class: 'shape', output: 'o' });
  });

  it('has neither a batch axis nor heads before the sequence where documents are packed', () => {
    const plain = caseOf({ sizes: { b: 1, hk: 1, g: 3 } });
    const { m, n, d, e } = plain.dims;
    const given: Case = { ...plain, layout: 'thd', packed: { q: [1, m - 1], k: [0, n] } };
    expect(check({ o: zeros('f32', [m, 3, e]), lse: zeros('f32', [3, m]) }, given)).toBeUndefined();
    expect(check({ o: zeros('f32', [1, 3, m, e]), lse: zeros('f32', [3, m]) }, given)).toMatchObject({ class: 'shape', output: 'o' });
    expect(check({ o: zeros('f32', [m, 3, e]), lse: zeros('f32', [m, 3]) }, given)).toMatchObject({ class: 'shape', output: 'lse' });
    const gradients = { dq: zeros('f32', [m, 3, d]), dk: zeros('f32', [n, 1, d]), dv: zeros('f32', [n, 1, e]) };
    expect(check(gradients, given, 'backward')).toBeUndefined();
    const problem = problemOf(Claims.of(library, capabilities), given, false);
    const told = normalise(
      { command: 'forward', case: given },
      { o: zeros('f32', [m, 3, e]), lse: zeros('f32', [3, m]) },
      capabilities,
      problem,
    );
    expect([told.o.shape, told.lse.shape]).toEqual([
      [1, 3, m, e],
      [1, 3, m],
    ]);
    // row 1 of head 2
    expect(valuesOf(told.o)[(2 * m + 1) * e]).toBe((1 * 3 + 2) * e);
  });

  it('says where swapped axes would explain a shape', () => {
    expect(check({ o: zeros('f32', [2, 4, 3, 3]), lse })).toMatchObject({
      class: 'shape',
      message: 'o is [2, 4, 3, 3], must be [2, 3, 4, 3]: would fit if axes 1 and 2 were swapped',
    });
    expect(check({ o: zeros('f32', [2, 3, 12]), lse })).toHaveProperty(
      'message',
      'o is [2, 3, 12], must be [2, 3, 4, 3]: the number of elements is right',
    );
    expect(check({ o: zeros('f32', [2, 3, 4, 4]), lse })).toHaveProperty('message', 'o is [2, 3, 4, 4], must be [2, 3, 4, 3]');
  });

  it('refuses strides that reach beyond the data', () => {
    expect(check({ o: { ...o, offset: 1 }, lse })).toMatchObject({ class: 'shape', message: expect.stringMatching(/reach beyond/) });
    expect(check({ o: { ...o, strides: [36, 12, 3, -1] }, lse })).toMatchObject({ class: 'shape' });
    expect(check({ o: { ...o, strides: [36, 12, 3] }, lse })).toMatchObject({ class: 'shape' });
  });

  it('wants the gradients that are claimed of the inputs that are there', () => {
    const given = { dq: zeros('f32', [2, 3, 4, 3]), dk: zeros('f32', [2, 1, 6, 3]), dv: zeros('f32', [2, 1, 6, 3]) };
    expect(check(given, c, 'backward')).toBeUndefined();
    const sunk = { ...c, options: { sink: true as const } };
    expect(check(given, sunk, 'backward')).toMatchObject({ class: 'shape', output: 'dsink', message: 'dsink is missing: it must be [3]' });
    expect(check({ ...given, dsink: zeros('f32', [3]) }, sunk, 'backward')).toBeUndefined();
    expect(check({ ...given, dk: zeros('f32', [2, 3, 6, 3]) }, c, 'backward')).toMatchObject({ class: 'shape', output: 'dk' });
  });

  it('wants o and the gradients of q, k, v in the layout of the case', () => {
    const blhd = { ...c, layout: 'blhd' as const };
    expect(check({ o: zeros('f32', [2, 4, 3, 3]), lse }, blhd)).toBeUndefined();
    expect(check({ o, lse }, blhd)).toMatchObject({ class: 'shape' });
  });
});

describe('normalise', () => {
  it('gives contiguous outputs in layout bhld, and only the required ones', () => {
    const blhd = { ...c, layout: 'blhd' as const };
    const call = { command: 'forward' as const, case: blhd };
    const given = { o: transpose(o, [0, 2, 1, 3]), lse, extra: lse };
    const normal = normalise(call, given, capabilities, problemOf(Claims.of(library, capabilities), blhd, false));
    expect(Object.keys(normal)).toEqual(['o', 'lse']);
    expect(normal.o.shape).toEqual([2, 3, 4, 3]);
    expect(normal.o.strides).toEqual([36, 12, 3, 1]);
    expect(Array.from(valuesOf(normal.o))).toEqual(Array.from(o.data));
  });
});
