import { describe, expect, it } from 'vitest';
import type { Arithmetic } from '../../../../adapters/controls/reference/arithmetic/arithmetic.js';
import { float32Fused } from '../../../../adapters/controls/reference/arithmetic/float32-fused.js';
import { rounding } from '../../../../adapters/controls/reference/arithmetic/rounding.js';
import { createKernel } from '../../../../adapters/controls/reference/kernel.js';
import { online, onlineTiles } from '../../../../adapters/controls/reference/softmax/online.js';
import type { SoftmaxForward } from '../../../../adapters/controls/reference/softmax/softmax-forward.js';
import { standardSteps } from '../../../../adapters/controls/reference/steps/steps.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { roundTo } from '../../../../spec/tensor/float-bits.js';
import type { DType } from '../../../../spec/types/documents.js';
import { oracle } from '../../../../suites/properties/kernel/oracle.js';
import { claims, diagnoseKernel } from '../../properties/on-kernel.js';
import { caseOf } from '../../properties/support.js';

function kernelOf(float32: Arithmetic, forward: SoftmaxForward = online): Kernel {
  return createKernel({ forward, steps: standardSteps, float32, masks: ['full', 'causal'] });
}

async function hintOf(kernel: Kernel, dtype: DType, changes: Parameters<typeof caseOf>[0] = {}): Promise<string | undefined> {
  const capabilities = claims({ dtypes: [dtype] });
  const c = caseOf({ dtype, ...changes, sizes: { m: 10, n: 150, d: 24, e: 8, ...changes.sizes } });
  const judgement = await diagnoseKernel(oracle, kernel, c, capabilities);
  if (judgement.status !== 'fail') throw new Error('this kernel must fail');
  return judgement.hint;
}

const sumsIn = (dtype: DType) => rounding({ round: (x) => roundTo(dtype, x), fused: true });
const weightsIn = (round: (x: number) => number): Arithmetic => ({
  ...float32Fused,
  combine: (weights, ...rest) => float32Fused.combine(weights.map(round), ...rest),
});
/** The nearest number with 11 significant bits. */
const tf32 = (x: number) => {
  const unit = x === 0 ? 1 : 2 ** (Math.floor(Math.log2(Math.abs(x))) - 10);
  return Math.round(x / unit) * unit;
};
const declaring = (text: string, numeric: string) =>
  `the output matches ${text}: if this is intended, declare it with "numeric": ${numeric} in its capabilities`;

/** Kernels of a lower precision than is declared: what is said of each, and what it would have to declare. */
const lower: [string, Kernel, DType, string][] = [
  ['sums kept in f16', kernelOf(sumsIn('f16')), 'f16', '{"f16":{"accumulate":"f16"}}'],
  ['sums kept in bf16', kernelOf(sumsIn('bf16')), 'bf16', '{"bf16":{"accumulate":"bf16"}}'],
  ['sums kept in bf16', kernelOf(sumsIn('bf16')), 'f32', '{"f32":{"accumulate":"bf16"}}'],
  ['factors rounded to TF32', kernelOf(rounding({ round: Math.fround, operand: tf32, fused: true })), 'f32', '{"f32":{"products":"tf32"}}'],
  [
    'factors rounded to TF32',
    kernelOf({
      ...float32Fused,
      dots: (x, xAt, y, yAt, rows, count, depth, out) => float32Fused.dots(x.map(tf32), xAt, y.map(tf32), yAt, rows, count, depth, out),
    }),
    'f32',
    '{"f32":{"products":"tf32"}}',
  ],
  [
    'outputs kept in f16 between steps of 16 keys',
    kernelOf(
      float32Fused,
      onlineTiles(16, (x) => roundTo('f16', x)),
    ),
    'f16',
    '{"f16":{"partials":"storage","tile":16}}',
  ],
];

describe('hints of a precision that is lower than declared', () => {
  it.each(lower)('%s, of %#', async (said, kernel, dtype, numeric) => {
    expect((await hintOf(kernel, dtype, { options: { scale: 0.4 } })) ?? '').toContain(declaring(said, numeric));
  });

  // a document of 80 keys has too few steps for these to be wrong
  const ofDocuments = lower.filter(([said]) => !said.includes('between steps'));
  it.each(ofDocuments)('%s, in packed documents, of %#', async (said, kernel, dtype, numeric) => {
    const packed = { layout: 'thd' as const, packed: { q: [6, 4], k: [70, 80] }, sizes: { b: 1 } };
    expect((await hintOf(kernel, dtype, { ...packed, options: { scale: 0.4 } })) ?? '').toContain(declaring(said, numeric));
  });

  it('an approximate exponential', async () => {
    const exp = (x: number) => Math.exp(x) * (1 + 1e-4 * Math.cos(9 * x));
    const hint = await hintOf(kernelOf(rounding({ round: Math.fround, exp, fused: true })), 'f32');
    expect(hint).toMatch(
      /^the output matches an exponential that is wrong by up to 0\.0001( or 0\.001)? of its value: .* "numeric": \{"f32":\{"exp":0\.0001\}\}/,
    );
  });

  it('probabilities of an f32 kernel in bf16, which no profile declares', async () => {
    expect(await hintOf(kernelOf(weightsIn((x) => roundTo('bf16', x))), 'f32')).toBe('the output matches probabilities rounded to bf16');
  });

  it('subnormal numbers that are flushed', async () => {
    const flushed = rounding({ round: (x) => (Math.abs(x) < 2 ** -126 ? 0 : Math.fround(x)), fused: true });
    expect(await hintOf(kernelOf(flushed), 'f32', { values: { distribution: 'subnormal', seed: 3 } })).toContain(
      declaring('subnormal numbers flushed to 0', '{"f32":{"flushToZero":true}}'),
    );
  });

  it.each<[string, Kernel, DType]>([
    ['weights that are a hundredth too large', kernelOf(weightsIn((x) => Math.fround(x * 1.01))), 'f32'],
    ['small weights that are left out', kernelOf(weightsIn((x) => (x < 4e-3 ? 0 : x))), 'f32'],
    [
      'a key whose weight is halved',
      kernelOf(
        weightsIn((x) => x),
        (p, steps) => online({ ...p, v: p.v.map((x, at) => (Math.floor(at / p.e) % p.n === 7 ? x * 1.5 : x)) }, steps),
      ),
      'f32',
    ],
    [
      'one channel of V that is off',
      kernelOf(float32Fused, (p, steps) => online({ ...p, v: p.v.map((x, at) => (at % p.e === 3 ? x * 1.02 : x)) }, steps)),
      'f16',
    ],
  ])('say nothing of %s', async (_, kernel, dtype) => {
    expect((await hintOf(kernel, dtype)) ?? '').not.toMatch(/rounded|kept in|exponential|flushed|numeric/);
  });
});
