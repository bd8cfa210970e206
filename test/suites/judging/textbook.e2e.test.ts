import { describe, expect, test } from 'vitest';
import { reference, referencePlain } from '../../../adapters/controls/reference/index.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { problemOf } from '../../../generators/problem.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { contiguousData, type Tensors } from '../../../spec/tensor/tensor.js';
import type { Capabilities, DType } from '../../../spec/types/documents.js';
import { comparandsOf } from '../../../suites/judging/comparands.js';
import { compareOutput } from '../../../suites/judging/compare.js';
import { textbookOutputs } from '../../../suites/judging/textbook.js';
import { library } from '../properties/on-kernel.js';

function claims(more: Partial<Capabilities> = {}) {
  return resolveCapabilities(
    { ...referencePlain.capabilities, operators: ['softmax'], layouts: ['bhld'], strided: false, ...more },
    'test',
  );
}

function drawn(capabilities: ReturnType<typeof claims>, dtype: DType, count: number, feature?: 'packed') {
  const arbitrary = caseArbitrary(Claims.of(library, capabilities), {
    operator: 'softmax',
    ...(feature && { feature }),
    mask: 'any',
    dtype,
    needs: { gradients: true },
  });
  return Array.from({ length: count }, (_, index) => drawCase(arbitrary, caseSeed(5, index, 0)).value);
}

const bitsOf = (outputs: Tensors) => Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, [...contiguousData(t)]]));

describe('a textbook implementation', () => {
  test.each<DType>(['f32', 'f16', 'bf16'])('gives the bits of the unfused reference: %s', async (dtype) => {
    const capabilities = claims();
    const kernel = await referencePlain.open();
    let compared = 0;
    for (const c of drawn(capabilities, dtype, 40)) {
      const problem = problemOf(Claims.of(library, capabilities), c, true);
      const outputs = textbookOutputs(problem, false);
      if (!outputs) continue;
      const call = { case: c, tensors: tensorsOf(Claims.of(library, capabilities), c, 'forward') };
      expect(bitsOf(outputs)).toEqual(bitsOf(await kernel.forward(call)));
      const backward = { case: c, tensors: tensorsOf(Claims.of(library, capabilities), c, 'backward') };
      expect(bitsOf(textbookOutputs(problem, true) as Tensors)).toEqual(bitsOf((await kernel.backward?.(backward)) as Tensors));
      compared++;
    }
    expect(compared).toBeGreaterThan(10);
  });

  test.each<DType>(['f32', 'bf16'])('is right on packed documents, but for distances of keys: %s', (dtype) => {
    const capabilities = claims({ ...reference.capabilities, operators: ['softmax'], strided: false });
    let compared = 0;
    for (const c of drawn(capabilities, dtype, 30, 'packed')) {
      const problem = problemOf(Claims.of(library, capabilities), c, true);
      for (const gradients of [false, true]) {
        const outputs = textbookOutputs(problem, gradients);
        if (!outputs) continue;
        const alibi = { shape: [c.dims.hk * c.dims.g], data: new Float64Array(c.dims.hk * c.dims.g) };
        expect(textbookOutputs({ ...problem, inputs: { ...problem.inputs, alibi } }, gradients)).toBeUndefined();
        const wrong = comparandsOf(problem, expectationOf(problem, gradients), outputs).flatMap((one) => compareOutput(one).worst ?? []);
        expect(wrong, JSON.stringify(c)).toEqual([]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(10);
  });

  test('is asked for small problems alone, in precisions and dialects that it has', () => {
    const capabilities = claims();
    const [c] = drawn(capabilities, 'f32', 1);
    const at = { ...c, dims: { b: 1, hk: 1, g: 1, m: 4, n: 4, d: 4, e: 4 }, mask: { name: 'full' }, options: {} };
    const problem = problemOf(Claims.of(library, capabilities), at);
    expect(Object.keys(textbookOutputs(problem, false) ?? {})).toEqual(['o', 'lse']);
    const { numeric, dialect } = problem;
    for (const changed of [
      { case: { ...at, dtype: 'f64' as const } },
      { case: { ...at, dims: { ...at.dims, m: 1e5 } } },
      { case: { ...at, dtype: 'f8e4m3' as const } },
      { numeric: { ...numeric, accumulate: 'f16' as const } },
      { numeric: { ...numeric, tf32: true } },
      { numeric: { ...numeric, partialsStored: true } },
      { dialect: { ...dialect, heads: 'tiled' as const } },
      { dialect: { ...dialect, lseBase: '2' as const } },
    ]) {
      expect(textbookOutputs({ ...problem, ...changed }, false), JSON.stringify(changed)).toBeUndefined();
    }
  });
});
