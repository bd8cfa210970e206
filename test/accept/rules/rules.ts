import { type Attended, toBf16 } from './references.js';

/** Input of a rule for one draw: flat outputs of the kernel, and the values to compare them with. */
export interface Draw {
  readonly o: ArrayLike<number>;
  readonly lse: ArrayLike<number>;
  readonly exact: Attended;
  /** Output o of a run in bf16 throughout (references.ts). */
  readonly lowPrecision: ArrayLike<number>;
}

/** Rule by which another project judges a kernel. */
export interface Rule {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** Number of random draws that the rule judges, out of ten. */
  readonly draws: number;
  /** True if the outputs of one draw pass the rule. */
  readonly passes: (draw: Draw) => boolean;
}

/**
 * Rule of FlashInfer-Bench. An element fails only if |x − y| > 1e-2 and |x − y| / (|y| + 1e-8) > 1e-2, both in f32; one failed element
 * fails the output. Outputs that are not finite fail; against a NaN every finite one passes. Its attention problems have two outputs, o and
 * LSE. Each of its three draws is judged.
 * Source: github.com/flashinfer-ai/flashinfer-bench, bench/utils.py (compute_error_stats) and bench/evaluators/default.py.
 */
export function flashInferBench({ o, lse, exact }: Draw): boolean {
  return eachOf(o, exact.o, within) && eachOf(lse, exact.lse, within);
  function within(x: number, y: number): boolean {
    const error = Math.abs(x - y);
    return Number.isFinite(x) && !(error > 1e-2 && error / (Math.abs(y) + 1e-8) > 1e-2);
  }
}

/**
 * Rule of SOL-ExecBench: |x − y| ≤ 1e-2 + 1e-2·|y| for 99 % of the elements of every output, o and LSE if the problem has both; ten rounds.
 * Source: github.com/NVIDIA/SOL-ExecBench, bench/correctness.py (compute_error_stats) and driver/templates/eval_driver.py.
 */
export function solExecBench({ o, lse, exact }: Draw): boolean {
  return mostly(o, exact.o) && mostly(lse, exact.lse);
  function mostly(actual: ArrayLike<number>, reference: ArrayLike<number>): boolean {
    let close = 0;
    for (let i = 0; i < actual.length; i++) if (isClose(Math.fround(actual[i]), Math.fround(reference[i]))) close++;
    return close >= 0.99 * actual.length;
  }
}

/**
 * Rule of KernelBench, torch.allclose(rtol = 1e-2, atol = 1e-2): |x − y| ≤ 1e-2 + 1e-2·|y| for every element of o. Its problems have no
 * LSE. Five draws are judged.
 * Source: github.com/ScalingIntelligence/KernelBench, for 16-bit types.
 */
export function allclose({ o, exact }: Draw): boolean {
  return eachOf(o, exact.o, isClose);
}

/**
 * Rule of llama.cpp: Σ(x − y)² / Σx² ≤ 5e-4 over the whole of o, the only output of the operator; x is the output of the implementation,
 * y that of the reference.
 * Source: github.com/ggml-org/llama.cpp, tests/test-backend-ops.cpp (nmse, test_flash_attn_ext).
 */
export function normalisedError({ o, exact }: Draw): boolean {
  let error = 0;
  let size = 0;
  for (let i = 0; i < o.length; i++) {
    if (!Number.isFinite(o[i])) return false;
    error += (o[i] - exact.o[i]) ** 2;
    size += o[i] ** 2;
  }
  return !(error / size > 5e-4);
}

/**
 * Rule of FlashAttention: max|x − y| ≤ 2·max|z − y| over o, where z is the output of a run in bf16 throughout and y the exact result
 * rounded to bf16. The LSE is not compared. Nothing is added to the right-hand side (the tests of the cache add 1e-5, those of
 * later versions some 2e-3, which lets more pass).
 * Source: github.com/Dao-AILab/flash-attention, tests/test_flash_attn.py (test_flash_attn_output).
 */
export function twiceLowPrecision({ o, exact, lowPrecision }: Draw): boolean {
  const reference = exact.o.map(toBf16);
  return largestError(o, reference) <= 2 * largestError(lowPrecision, reference);
}

// the last two run many shapes, each drawn once: they are given all ten draws here
export const rules: readonly Rule[] = [
  {
    name: 'flashinfer-bench',
    title: 'FlashInfer-Bench: abs > 1e-2 and rel > 1e-2',
    source: 'https://github.com/flashinfer-ai/flashinfer-bench',
    draws: 3,
    passes: flashInferBench,
  },
  {
    name: 'sol-execbench',
    title: 'SOL-ExecBench: 1e-2 + 1e-2·abs(ref) for 99 %',
    source: 'https://github.com/NVIDIA/SOL-ExecBench',
    draws: 10,
    passes: solExecBench,
  },
  {
    name: 'allclose',
    title: 'allclose at 1e-2 (KernelBench)',
    source: 'https://github.com/ScalingIntelligence/KernelBench',
    draws: 5,
    passes: allclose,
  },
  {
    name: 'nmse',
    title: 'normalised MSE ≤ 5e-4 (llama.cpp)',
    source: 'https://github.com/ggml-org/llama.cpp',
    draws: 10,
    passes: normalisedError,
  },
  {
    name: 'twice-low-precision',
    title: 'twice the low-precision error (FlashAttention)',
    source: 'https://github.com/Dao-AILab/flash-attention',
    draws: 10,
    passes: twiceLowPrecision,
  },
];

function isClose(x: number, y: number): boolean {
  return Math.abs(x - y) <= 1e-2 + 1e-2 * Math.abs(y);
}

/** True if every element holds against its reference, in f32. */
function eachOf(actual: ArrayLike<number>, reference: ArrayLike<number>, holds: (x: number, y: number) => boolean): boolean {
  for (let i = 0; i < actual.length; i++) if (!holds(Math.fround(actual[i]), Math.fround(reference[i]))) return false;
  return true;
}

/** Largest absolute difference of two arrays; NaN if any difference is NaN. */
function largestError(actual: ArrayLike<number>, reference: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < actual.length; i++) largest = Math.max(largest, Math.abs(actual[i] - reference[i]));
  return largest;
}
