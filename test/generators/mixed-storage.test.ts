import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { createLibrary } from '../../spec/library.js';
import { valuesOf } from '../../spec/tensor/tensor.js';
import type { Case, DType } from '../../spec/types/documents.js';
import { readSpecFolder } from '../../suites/lib/spec-folder.js';

const library = createLibrary(readSpecFolder(join(import.meta.dirname, '../kernels/named-tensors')));
const dtypes: DType[] = ['f64', 'f32', 'bf16', 'f8e4m3'];

function claims(mixedStorage?: boolean): Claims {
  const declared = { dtypes, operators: ['gated-pool'], gradients: ['gate'], outputs: ['o', 'total'] };
  return Claims.of(library, resolveCapabilities({ ...declared, ...(mixedStorage !== undefined && { mixedStorage }) }, 'test'));
}

const problem = (dtype: DType): Case => ({
  operator: 'gated-pool',
  dims: { b: 2, hk: 2, g: 1, m: 3, n: 5, d: 4, e: 3, r: 2 },
  mask: { name: 'full' },
  options: {},
  dtype,
  layout: 'bhld',
  values: { distribution: 'normal', seed: 3 },
});

describe('an input that the document stores in f32', () => {
  it.each<[boolean | undefined, DType, string]>([
    [undefined, 'bf16', 'f32'],
    [true, 'bf16', 'f32'],
    [false, 'bf16', 'bf16'],
    [undefined, 'f64', 'f64'],
    [false, 'f64', 'f64'],
    [false, 'f32', 'f32'],
    [false, 'f8e4m3', 'f32'],
  ])('with mixedStorage %s is in %s cases of type %s, and judged so', (mixed, dtype, expected) => {
    const tensors = tensorsOf(claims(mixed), problem(dtype), 'backward');
    expect(tensors.gate.dtype).toBe(expected);
    expect([tensors.keep.dtype, tensors.bucket.dtype]).toEqual(['bool', 'i32']);
    const { inputs } = problemOf(claims(mixed), problem(dtype), true);
    expect([...inputs.gate.data]).toEqual([...valuesOf(tensors.gate)]);
  });

  it('loses what its narrower type does not hold', () => {
    const gates = [true, false].map((mixed) => [...problemOf(claims(mixed), problem('bf16')).inputs.gate.data]);
    expect(gates[0]).not.toEqual(gates[1]);
    gates[0].forEach((gate, i) => {
      expect(Math.abs(gate - gates[1][i])).toBeLessThan(2 ** -8);
    });
  });
});
