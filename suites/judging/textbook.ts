import type { Arithmetic } from '../../adapters/controls/reference/arithmetic/arithmetic.js';
import { float32Fused } from '../../adapters/controls/reference/arithmetic/float32-fused.js';
import { float32Separate } from '../../adapters/controls/reference/arithmetic/float32-separate.js';
import { float64 } from '../../adapters/controls/reference/arithmetic/float64.js';
import { storeOf } from '../../adapters/controls/reference/arithmetic/storage.js';
import { broadcast } from '../../adapters/controls/reference/problem/broadcast.js';
import type { SoftmaxProblem } from '../../adapters/controls/reference/problem/softmax-problem.js';
import { softmaxBackward } from '../../adapters/controls/reference/softmax/backward.js';
import { plain } from '../../adapters/controls/reference/softmax/plain.js';
import type { SoftmaxForward } from '../../adapters/controls/reference/softmax/softmax-forward.js';
import { type Steps, standardSteps } from '../../adapters/controls/reference/steps/steps.js';
import { type DialectAxis, fullDialect } from '../../spec/dialect.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { queryOffset } from '../../spec/mask/query-offset.js';
import { plainAttention } from '../../spec/oracle/streamed.js';
import type { Problem } from '../../spec/problem.js';
import { rowMajor, type Tensors, tensorOf, valuesOf } from '../../spec/tensor/tensor.js';

const LARGEST = 2e5;

/** Dialect axes computed at their defaults only. The rest are in the mask or about empty rows. */
const unchanged = () => {};

const axes: readonly DialectAxis[] = ['heads', 'softcap', 'bias', 'alibi', 'defaultScale', 'lseBase', 'lseSink'];
const defaults = fullDialect();

/**
 * Unfused textbook attention: each operation is rounded to the accumulator's dtype, and P and dS to
 * the storage dtype if declared. Gives o in the case's dtype and lse in f32, or the gradients.
 * Undefined for large problems, other programs, f64, fp8, and unknown precisions and dialects.
 */
export function textbookOutputs(given: Problem, gradients: boolean): Tensors | undefined {
  const problem = isSmall(given) ? plainAttention(given) : undefined;
  if (!problem || !isKnown(problem)) return undefined;
  const { inputs, mask } = problem;
  const { dtype, dims } = problem.case;
  const p = softmaxProblemOf(problem, gradients);
  const steps = stepsOf(mask);
  const { o, lse } = plain(p, steps);
  const rows = [dims.b, p.heads, p.m];
  const outputs: Tensors = { o: tensorOf(dtype, [...rows, p.e], o), lse: tensorOf('f32', rows, lse) };
  if (!gradients) return outputs;
  const stored = { o: valuesOf(outputs.o), lse };
  const { dq, dk, dv, dsink, dalibi, dbias } = softmaxBackward(p, steps, stored, { dO: inputs.do.data, dlse: inputs.dlse?.data });
  return {
    dq: tensorOf(dtype, inputs.q.shape, dq),
    dk: tensorOf(dtype, inputs.k.shape, dk),
    dv: tensorOf(dtype, inputs.v.shape, dv),
    ...(dsink && { dsink: tensorOf(dtype, inputs.sink.shape, dsink) }),
    ...(dalibi && { dalibi: tensorOf(dtype, inputs.alibi.shape, dalibi) }),
    ...(dbias && { dbias: tensorOf(dtype, inputs.bias.shape, dbias) }),
  };
}

/** Output o [b, hk·g, m, e] of a less precise kernel, unrounded; undefined unless `isComputed`. */
export function textbookForward(problem: Problem, arithmetic?: Arithmetic, forward: SoftmaxForward = plain): Float64Array | undefined {
  if (!isComputed(problem)) return undefined;
  const p = softmaxProblemOf(usual(problem), false);
  const store = problem.numeric.storage === problem.case.dtype ? p.store : unchanged;
  return forward({ ...p, store, arithmetic: arithmetic ?? float32Fused }, stepsOf(problem.mask)).o;
}

/** True if `textbookForward` computes this problem of plain softmax attention. */
export function isComputed(problem: Problem): boolean {
  return isSmall(problem) && isKnown(usual(problem));
}

function usual(problem: Problem): Problem {
  const numeric = { accumulate: 'f32' as const, tf32: false, scoresStored: false, prescaledQ: false, partialsStored: false };
  return { ...problem, numeric: { ...problem.numeric, ...numeric } };
}

function stepsOf(mask: CompiledMask): Steps {
  return { ...standardSteps, visible: (p, b, h, i, j) => mask.visible(b, h, i, j) && standardSteps.visible(p, b, h, i, j) };
}

function isSmall({ case: c }: Problem): boolean {
  const { b, hk, g, m, n, d, e } = c.dims;
  return b * hk * g * m * n * (d + e) <= LARGEST;
}

function isKnown({ case: c, dialect, inputs, mask, numeric }: Problem): boolean {
  const { accumulate, tf32, scoresStored, prescaledQ, partialsStored, merge, probabilities } = numeric;
  return (
    // its distances of keys assume one sequence
    !(mask.segmentOf && inputs.alibi) &&
    (c.dtype === 'f32' || c.dtype === 'f16' || c.dtype === 'bf16') &&
    (accumulate === 'f32' || accumulate === 'f64') &&
    !(tf32 || scoresStored || prescaledQ || partialsStored || merge || probabilities) &&
    axes.every((axis) => dialect[axis] === defaults[axis])
  );
}

function softmaxProblemOf({ case: c, inputs, dialect, numeric }: Problem, gradients: boolean): SoftmaxProblem {
  const { b, hk, g, m, n, d, e } = c.dims;
  const { scale, softcap } = c.options;
  const { q, k, v, bias, alibi, sink } = inputs;
  const arithmetic = numeric.accumulate === 'f64' ? float64 : float32Separate;
  const stores = numeric.probabilitiesStored || (gradients && numeric.scoreGradientsStored);
  return {
    arithmetic,
    store: storeOf(stores ? c.dtype : numeric.accumulate),
    b,
    heads: hk * g,
    hk,
    g,
    m,
    n,
    d,
    e,
    q: q.data,
    k: k.data,
    v: v.data,
    scale: arithmetic.round(typeof scale === 'number' ? scale : 1 / Math.sqrt(d)),
    softcap: typeof softcap === 'number' ? softcap : 0,
    offset: queryOffset(dialect.causal, m, n),
    left: -1,
    right: -1,
    bias: bias && { values: bias.data, at: broadcast({ shape: bias.shape, strides: rowMajor(bias.shape), offset: 0 }) },
    alibi: alibi?.data,
    sink: sink?.data,
  };
}
