import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Arithmetic } from '../reference/arithmetic/arithmetic.js';
import { float32Fused } from '../reference/arithmetic/float32-fused.js';
import { rounding } from '../reference/arithmetic/rounding.js';
import { onlineTiles, tile } from '../reference/softmax/online.js';
import { logSumExp, rescale } from '../reference/steps/softmax-row.js';
import { allKeys } from './lib/hidden-keys.js';
import { type Fault, mutantsOf } from './lib/mutant.js';

const exponentials =
  (of: (x: number) => number): Arithmetic['exponentials'] =>
  (x, count, shift, out) => {
    let sum = 0;
    for (let t = 0; t < count; t++) {
      out[t] = Math.fround(of(Math.fround(x[t] - shift)));
      sum = Math.fround(sum + out[t]);
    }
    return sum;
  };

const maximumFrom = (start: number): Fault => ({
  steps: { rescale: (a, row, max, ...rest) => rescale(a, row, Math.max(max, start), ...rest) },
});

/** Largest score of models that clamp scores to float16's range. */
const HIGHEST = 50_000;

export const numericsMutants = mutantsOf('Numerics', [
  {
    id: 'maximum-not-subtracted',
    title: 'exponentials of scores, without their maximum',
    imitates: 'https://github.com/huggingface/transformers/pull/17437',
    fault: {
      steps: {
        rescale: (_, row) => {
          row.max = 0;
        },
      },
    },
  },
  {
    id: 'accumulator-f16',
    title: 'sums are kept in f16',
    imitates: 'https://github.com/huggingface/transformers/issues/11076',
    dtypes: ['f16'],
    fault: { float32: rounding({ round: (x) => half(x), fused: true }) },
  },
  {
    id: 'accumulator-bf16',
    title: 'sums are kept in bf16',
    imitates: 'https://github.com/AI-Hypercomputer/maxtext/pull/4136',
    dtypes: ['bf16'],
    fault: { float32: rounding({ round: (x) => brain(x), fused: true }) },
  },
  {
    id: 'partials-f16',
    title: 'the output is kept in f16 between tiles, which is not declared',
    imitates: 'accumulators that are stored with the output between blocks of keys',
    dtypes: ['f16'],
    fault: { forward: onlineTiles(tile, (x) => half(x)) },
  },
  {
    id: 'subnormals-flushed',
    title: 'subnormal numbers are flushed to 0, which is not declared',
    imitates: 'shaders and -ffast-math, which flush subnormals',
    fault: { float32: rounding({ round: (x) => (Math.abs(x) < 2 ** -126 ? 0 : Math.fround(x)), fused: true }) },
  },
  {
    id: 'products-tf32',
    title: 'factors are cut to 10 bits, which is not declared',
    imitates: "matrix units that round f32 to TF32, as PyTorch's allow_tf32 did by default",
    fault: {
      float32: {
        ...float32Fused,
        dots: (x, xAt, y, yAt, rows, count, depth, out) =>
          float32Fused.dots(x.map(tensorFloat), xAt, y.map(tensorFloat), yAt, rows, count, depth, out),
      },
    },
  },
  {
    id: 'probabilities-bf16',
    title: 'probabilities are rounded to bf16 in an f32 kernel',
    imitates: 'kernels written for 16-bit inputs that also accept f32',
    fault: {
      float32: { ...float32Fused, combine: (weights, ...rest) => float32Fused.combine(weights.map(brain), ...rest) },
    },
  },
  {
    id: 'weights-an-ulp-off',
    title: 'weights of more than four keys are a little larger than those in the normaliser',
    imitates: 'weights that are rounded again, away from zero, after they were summed',
    alone: 'dyadic-exact',
    fault: {
      float32: {
        ...float32Fused,
        combine: (weights, rows, count, ...rest) =>
          float32Fused.combine(count > 4 ? weights.map((w) => Math.fround(w * (1 + 2 ** -23))) : weights, rows, count, ...rest),
      },
    },
  },
  {
    id: 'small-probabilities-lost-in-fp8',
    title: 'probabilities are stored in e4m3 without a scale: those below 2⁻¹⁰ become 0',
    imitates: 'https://github.com/ROCm/FlyDSL/pull/1020',
    alone: 'mass',
    claims: { gradients: false, numeric: { probabilities: 'f8e4m3' } },
    fault: { float32: { ...float32Fused, combine: (weights, ...rest) => float32Fused.combine(weights.map(quarter), ...rest) } },
  },
  {
    id: 'small-weights-flushed',
    title: 'weights below 1e-4 are replaced by 0',
    imitates: 'kernels that skip weights that they consider negligible',
    fault: { float32: { ...float32Fused, exponentials: exponentials((x) => (Math.exp(x) < 1e-4 ? 0 : Math.exp(x))) } },
  },
  {
    id: 'exponential-approximate',
    title: 'the exponential is wrong by up to 1e-4 of its value, which is not declared',
    imitates: "FlashAttention 4's polynomial exp2, with too few terms",
    fault: { float32: { ...float32Fused, exponentials: exponentials((x) => Math.exp(x) * (1 + 1e-4 * Math.sin(16 * x))) } },
  },
  {
    id: 'maximum-from-0',
    title: 'the running maximum begins at 0 in place of −∞',
    imitates: 'maxima over a zeroed buffer',
    fault: maximumFrom(0),
  },
  {
    id: 'maximum-from-100',
    title: 'the running maximum begins at −100 in place of −∞',
    imitates: 'maxima that begin at a number that was thought low enough',
    fault: maximumFrom(-100),
  },
  {
    id: 'maximum-from-1000',
    title: 'the running maximum begins at −1,000 in place of −∞',
    imitates: 'maxima that begin at a number that was thought low enough',
    fault: maximumFrom(-1000),
  },
  {
    id: 'maximum-from-10000',
    title: 'the running maximum begins at −10,000 in place of −∞',
    imitates: 'https://github.com/karpathy/llm.c/blob/master/dev/cuda/attention_forward.cu, whose first kernels begin at −10,000',
    fault: maximumFrom(-10_000),
  },
  {
    id: 'mask-of-10000',
    title: 'the score of a hidden key is −10,000; a row without keys is recognised by it',
    imitates: 'https://github.com/huggingface/transformers/pull/17306',
    fault: {
      forward: allKeys({ hide: () => -10_000 }),
      steps: { logSumExp: (a, row) => (row.max === -10_000 ? -Infinity : logSumExp(a, row)) },
    },
  },
  {
    id: 'mask-added-10000',
    title: 'hidden keys are given −10,000 on top of their scores',
    imitates: 'https://github.com/huggingface/transformers/issues/14859',
    fault: {
      forward: allKeys({ hide: (score) => (Math.abs(score) < 1e6 ? score - 10_000 : -Infinity) }),
      steps: { logSumExp: (a, row) => (Math.abs(row.max + 10_000) < 500 ? -Infinity : logSumExp(a, row)) },
    },
  },
  {
    id: 'scores-clamped-high',
    title: 'scores above 50,000 are clamped to 50,000',
    imitates: 'attention whose scores are clamped so that they stay within float16, as in GLIP (clamp_max_for_overflow)',
    alone: 'shift-invariance',
    fault: {
      steps: { rescale: (a, row, max, ...rest) => rescale(a, row, Math.min(max, HIGHEST), ...rest) },
      float32: {
        ...float32Fused,
        exponentials: (x, count, shift, out) =>
          float32Fused.exponentials(
            x.map((s) => Math.min(s, HIGHEST)),
            count,
            shift,
            out,
          ),
      },
    },
  },
  {
    id: 'scores-floored',
    title: 'the running maximum begins at −5',
    imitates: 'https://github.com/flashinfer-ai/flashinfer/pull/4401',
    fault: {
      steps: {
        logSumExp: (a, row) => (row.sum === 0 ? -Infinity : a.round(Math.max(row.max, -5) + a.round(Math.log(row.sum)))),
      },
    },
  },
]);

function half(x: number): number {
  return roundTo('f16', x);
}

function quarter(x: number): number {
  return roundTo('f8e4m3', x);
}

function brain(x: number): number {
  return roundTo('bf16', x);
}

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** Cuts off the last 13 bits. */
function tensorFloat(x: number): number {
  float[0] = x;
  bits[0] &= ~0x1fff;
  return float[0];
}
