import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contiguousData, tensor } from '../../../spec/tensor/tensor.js';
import { NotTensors, readOutputs } from '../../../suites/runner/host/read-outputs.js';

const o = { dtype: 'f32', shape: [2, 2], data: new Float32Array(4) };

describe('what a kernel returned', () => {
  test('is taken where it is tensors; left-out strides mean contiguous', () => {
    expect(readOutputs({ o })).toEqual({ o: tensor('f32', [2, 2], o.data) });
    expect(readOutputs({ o, lse: undefined })).toHaveProperty('o');
    expect(readOutputs({ o: { ...o, shape: [0, 9], data: new Float32Array(0) } }).o.shape).toEqual([0, 9]);
    expect(readOutputs({ o: { ...o, strides: [-2, 1], offset: 2 } }).o.offset).toBe(2);
  });

  test.each([
    ['nothing', undefined],
    ['a number', 3],
    ['an output that is none', { o: 'much' }],
    ['a plain array as data', { o: { ...o, data: [1, 2, 3, 4] } }],
    ['data of another type', { o: { ...o, dtype: 'f16' } }],
    ['an unknown dtype', { o: { ...o, dtype: 'float32' } }],
    ['a shape that is no list', { o: { ...o, shape: 4 } }],
    ['a negative size', { o: { ...o, shape: [-2, -2] } }],
    ['a size that is no integer', { o: { ...o, shape: [2.5, 2] } }],
    ['a shape beyond its data', { o: { ...o, shape: [2, 3] } }],
    ['an enormous shape', { o: { ...o, shape: [1e15, 1e15] } }],
    ['strides of another rank', { o: { ...o, strides: [1] } }],
    ['strides beyond its data', { o: { ...o, strides: [3, 1] } }],
    ['strides before its data', { o: { ...o, strides: [-2, 1] } }],
    ['an offset beyond its data', { o: { ...o, offset: 1 } }],
    ['an offset that is no number', { o: { ...o, offset: 'far' } }],
    ['the end of a job, which the suite alone tells', { o, outcome: { dtype: 'i32', shape: [2], data: Int32Array.of(123, 125) } }],
  ])('%s is refused', (_, value) => {
    expect(() => readOutputs(value)).toThrow(NotTensors);
  });

  test('can be read without harm, or is refused', () => {
    const size = fc.oneof(fc.nat(4), fc.integer(), fc.double());
    const output = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('f32', 'f64', 'bool'), fc.anything()),
        shape: fc.oneof(fc.array(size, { maxLength: 4 }), fc.anything()),
        strides: fc.oneof(fc.array(size, { maxLength: 4 }), fc.anything()),
        offset: fc.oneof(size, fc.anything()),
        data: fc.oneof(fc.float32Array({ maxLength: 20 }), fc.float64Array({ maxLength: 20 }), fc.anything()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom('o', 'lse'), fc.oneof(output, fc.anything()))), (value) => {
        try {
          for (const t of Object.values(readOutputs(value))) for (const x of contiguousData(t)) expect(x).toBeTypeOf('number');
        } catch (error) {
          expect(error).toBeInstanceOf(NotTensors);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
