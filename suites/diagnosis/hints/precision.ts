import type { Arithmetic } from '../../../adapters/controls/reference/arithmetic/arithmetic.js';
import { float32Fused } from '../../../adapters/controls/reference/arithmetic/float32-fused.js';
import { rounding } from '../../../adapters/controls/reference/arithmetic/rounding.js';
import { storeOf } from '../../../adapters/controls/reference/arithmetic/storage.js';
import { onlineTiles } from '../../../adapters/controls/reference/softmax/online.js';
import { plain } from '../../../adapters/controls/reference/softmax/plain.js';
import type { SoftmaxForward } from '../../../adapters/controls/reference/softmax/softmax-forward.js';
import type { NumericProfile } from '../../../spec/numeric/profile.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { type DType, floatFormats } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import { type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Numeric } from '../../../spec/types/documents.js';
import { isComputed, textbookForward } from '../../judging/textbook.js';
import { isWithin } from './fits.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';

interface Precision {
  readonly text: string;
  readonly size?: number;
  /** Profile that would declare it; absent: no profile can. */
  readonly numeric?: Numeric;
  readonly profile: Partial<NumericProfile>;
  readonly arithmetic?: Arithmetic;
  readonly forward?: SoftmaxForward;
  readonly grid?: DType;
}

const LEAST = 16;
/** Factor by which the order of summation may change the errors of a precision. */
const ALIKE = 4;
const quantiles = [0.5, 0.75, 0.9, 0.97];

/**
 * Lower precisions whose errors are nearest to a textbook kernel's, among all and the declared one.
 */
export function* precisionHypotheses({ problem, backward, evaluate }: Subject): Generator<ProblemHypothesis> {
  // ranks may exchange and merge less precisely than any textbook kernel models
  if (backward || problem.case.dtype === 'f64' || problem.case.parallel) return;
  const untold = problem.case.block !== undefined;
  const precisions = precisionsBelow(problem.numeric);
  let nearest: { readonly of: Tensors; readonly is: Precision | undefined } | undefined;
  for (const precision of precisions) {
    const { text, size, numeric, profile } = precision;
    const lower = { ...problem, numeric: { ...problem.numeric, ...profile } };
    yield {
      text,
      ...(size !== undefined && { size }),
      ...(numeric && { declare: `"numeric": ${JSON.stringify({ [problem.case.dtype]: numeric })} in its capabilities` }),
      problem: lower,
      loosens: true,
      bounded: true,
      untold,
      explains: (answer, outputs) => {
        if (!isWithin(lower, answer, outputs)) return false;
        if (profile.flushToZero) return isFlushed(problem, answer, outputs);
        if (!compares(answer) || !isComputed(lower)) return undefined;
        if (nearest?.of !== outputs) nearest = { of: outputs, is: nearestOf(problem, evaluate(problem, false), outputs, precisions) };
        return nearest.is === precision;
      },
    };
  }
}

function compares({ outputs: { o } }: Expectation): boolean {
  return o.value.filter((x, at) => Number.isFinite(x) && o.bound[at] > 0).length >= LEAST;
}

/** Undefined if no precision is near, or the declared one is nearest. */
function nearestOf(problem: Problem, answer: Expectation, outputs: Tensors, precisions: readonly Precision[]): Precision | undefined {
  let found: { readonly precision: Precision | undefined; readonly distance: number } = { precision: undefined, distance: Math.log(ALIKE) };
  const compare = (precision: Precision | undefined) => {
    const lower = precision ? { ...problem, numeric: { ...problem.numeric, ...precision.profile } } : problem;
    const distance = distanceOf(answer, outputs, textbookForward(lower, precision?.arithmetic, precision?.forward));
    if (distance < found.distance) found = { precision, distance };
  };
  compare(undefined);
  for (const precision of precisions)
    if (!precision.profile.flushToZero && (precision.grid === undefined || isOn(precision.grid, outputs))) compare(precision);
  return found.precision;
}

function precisionsBelow(numeric: NumericProfile): Precision[] {
  const { storage, accumulate, a } = numeric;
  const narrow = storage === 'f16' || storage === 'bf16';
  const found: Precision[] = [];
  for (const dtype of ['f16', 'bf16'] as const) {
    const { roundoff, smallestSubnormal } = floatFormats[dtype];
    if (a >= roundoff) continue;
    found.push({
      text: `sums kept in ${dtype}`,
      numeric: { accumulate: dtype },
      profile: { accumulate: dtype, a: roundoff, t: smallestSubnormal },
      arithmetic: rounding({ round: (x) => roundTo(dtype, x), fused: true }),
      ...(storage === 'f32' && { grid: dtype }),
    });
  }
  if (accumulate === 'f32' && !numeric.tf32 && storage === 'f32') {
    for (const operand of [cutToTf32, nearestTf32]) {
      const both = rounding({ round: Math.fround, operand, fused: true });
      // TF32 in the products with V too, or in Q·K alone
      for (const arithmetic of [both, { ...both, combine: float32Fused.combine }])
        found.push({ text: 'factors rounded to TF32', numeric: { products: 'tf32' }, profile: { tf32: true }, arithmetic });
    }
  }
  for (const exp of [1e-6, 1e-5, 1e-4, 1e-3]) {
    if (numeric.exp >= exp || accumulate !== 'f32' || narrow) continue;
    found.push({
      text: 'an exponential that is wrong by up to {} of its value',
      size: exp,
      numeric: { exp },
      profile: { exp },
      arithmetic: rounding({ round: Math.fround, exp: (x) => Math.exp(x) * (1 + exp * Math.sin(16 * x)), fused: true }),
    });
  }
  if (narrow && !numeric.scoresStored)
    found.push({
      text: `scores rounded to ${storage}`,
      numeric: { scores: 'storage' },
      profile: { scoresStored: true },
      forward: withStoredScores(storage),
    });
  if (narrow && !numeric.probabilitiesStored)
    found.push({
      text: `probabilities rounded to ${storage}`,
      numeric: { probabilities: 'storage' },
      profile: { probabilitiesStored: true },
    });
  if (narrow && !numeric.partialsStored) {
    const keep = (x: number) => roundTo(storage, x);
    found.push({
      text: `outputs kept in ${storage} between steps of {} keys`,
      size: numeric.tile,
      numeric: { partials: 'storage', tile: numeric.tile },
      profile: { partialsStored: true },
      forward: onlineTiles(numeric.tile, keep),
    });
  }
  // rounding of probabilities in fp8 kernels, which no f32 profile declares
  if (storage === 'f32' && a < floatFormats.bf16.roundoff) {
    for (const forward of [plain, onlineTiles(numeric.tile)])
      found.push({
        text: 'probabilities rounded to bf16',
        profile: { probabilitiesStored: true, storage: 'f8e4m3' },
        arithmetic: withWeights('bf16'),
        forward,
      });
  }
  if (!numeric.flushToZero)
    found.push({
      text: 'subnormal numbers flushed to 0',
      numeric: { flushToZero: true },
      profile: { flushToZero: true, w: floatFormats[storage].smallestNormal, t: floatFormats[accumulate].smallestNormal },
    });
  return found;
}

function isOn(dtype: DType, { o }: Tensors): boolean {
  const values = valuesOf(o);
  return values.some((x) => x !== 0) && values.every((x) => Number.isNaN(x) || roundTo(dtype, x) === x);
}

/** Largest log ratio of error quantiles of o and a textbook kernel; less for equal errors. */
function distanceOf({ outputs: { o } }: Expectation, { o: actual }: Tensors, textbook: Float64Array | undefined): number {
  if (!textbook) return Infinity;
  const values = valuesOf(actual);
  const decided = o.value.map((_, at) => at).filter((at) => Number.isFinite(o.value[at]) && o.bound[at] > 0);
  const sorted = (of: ArrayLike<number>) => decided.map((at) => Math.abs(of[at] - o.value[at])).sort((x, y) => x - y);
  const [own, others] = [sorted(values), sorted(textbook.map((x) => roundTo(actual.dtype as DType, x)))];
  const apart = Math.max(
    ...quantiles.map((share) => {
      const at = Math.floor(share * (decided.length - 1));
      return own[at] === others[at] ? 0 : Math.abs(Math.log(own[at] / others[at]));
    }),
  );
  // equal numbers rounded alike have equal errors
  const different = Math.hypot(...decided.map((at) => values[at] - textbook[at])) / Math.hypot(...own);
  return apart * Math.min(1, different);
}

function isFlushed(problem: Problem, { outputs }: Expectation, { o: actual }: Tensors): boolean {
  const values = valuesOf(actual);
  const least = floatFormats[problem.numeric.storage].smallestNormal;
  const off = Array.from(values.keys()).filter((at) => values[at] !== outputs.o.value[at] && Math.abs(outputs.o.value[at]) < least);
  return off.length > 0 && 2 * off.filter((at) => values[at] === 0).length >= off.length;
}

/** Rounds scores before the softmax, as kernels composed of operations do. */
function withStoredScores(storage: DType): SoftmaxForward {
  const store = storeOf(storage);
  return (p, steps) => {
    const { arithmetic } = p;
    const dots: Arithmetic['dots'] = (...args) => {
      arithmetic.dots(...args);
      store(args[7], 0, args[5]);
    };
    return plain({ ...p, arithmetic: { ...arithmetic, dots } }, steps);
  };
}

function withWeights(dtype: DType): Arithmetic {
  const { combine } = float32Fused;
  return {
    ...float32Fused,
    combine: (weights, ...rest) =>
      combine(
        weights.map((x) => roundTo(dtype, x)),
        ...rest,
      ),
  };
}

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

function cutToTf32(x: number): number {
  float[0] = x;
  bits[0] &= ~0x1fff;
  return float[0];
}

function nearestTf32(x: number): number {
  float[0] = x;
  bits[0] = (bits[0] + 0x1000) & ~0x1fff;
  return float[0];
}
