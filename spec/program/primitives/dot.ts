import { gamma, type NumericProfile } from '../../numeric/profile.js';
import { type Application, type Evaluated, type Primitive, TermError } from '../primitive.js';
import { elements, offsets, type ProgramTensor, union, without } from '../tensor.js';
import { tf32Error } from '../tf32.js';
import { weightedMeanBound } from '../weighted-mean.js';

interface Loops {
  /** Per element of the result, and per term: where the operands have theirs; the two add up. */
  readonly xOuter: Int32Array;
  readonly yOuter: Int32Array;
  readonly xInner: Int32Array;
  readonly yInner: Int32Array;
}

function loops({ operands, axes, out, sizes }: Application): Loops {
  const { x, y } = operands;
  return {
    xOuter: offsets(x.axes, out.axes, sizes),
    yOuter: offsets(y.axes, out.axes, sizes),
    xInner: offsets(x.axes, axes, sizes),
    yInner: offsets(y.axes, axes, sizes),
  };
}

/** Σ x·y over axes that both have; the other axes are aligned by name. Terms with a structural zero are none. */
export const dot: Primitive = {
  name: 'dot',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
    { name: 'axes', kind: 'axes' },
  ],
  shape({ operands: { x, y }, axes }) {
    for (const axis of axes) {
      for (const [place, type] of [['first', x], ['second', y]] as const) {
        if (!type.axes.includes(axis)) {
          throw new TermError(`the ${place} operand has no axis "${axis}" to contract, it has: ${type.axes.join(' ') || 'none'}`);
        }
      }
    }
    return { kind: 'number', axes: without(union(x.axes, y.axes), axes) };
  },
  value(application) {
    const { x, y } = application.operands;
    const at = loops(application);
    const size = elements(application.out.axes, application.sizes);
    return x.zero || y.zero ? sparseValue(x, y, at, size) : { value: denseValue(x.value, y.value, at, size) };
  },
  bound(application, result) {
    const { x, y } = application.operands;
    const { profile, axes } = application;
    const over = (t: ProgramTensor) => axes.length === 1 && t.softmax?.axis === axes[0];
    if (over(x)) return weightedMeanBound(application, x, y, result);
    if (over(y)) return weightedMeanBound(application, y, x, result);
    const declared = tf32Error(profile) + (x.prescaled || y.prescaled ? profile.u : 0);
    const at = loops(application);
    const exact = !x.bound && !y.bound && !x.zero && !y.zero;
    return exact ? exactOperands(x.value, y.value, at, result.value.length, profile, declared) : inexactOperands(x, y, at, result.value.length, profile, declared);
  },
  gradient({ operands: { x, y } }) {
    const term = (other: string, axes: string[]) => (axes.length > 0 ? ['dot', 'dout', other, ...axes] : ['mul', 'dout', other]);
    return { x: term('y', without(y.axes, x.axes)), y: term('x', without(x.axes, y.axes)) };
  },
};

function denseValue(x: Float64Array, y: Float64Array, { xOuter, yOuter, xInner, yInner }: Loops, size: number): Float64Array {
  const value = new Float64Array(size);
  const terms = xInner.length;
  for (let i = 0; i < size; i++) {
    const xFrom = xOuter[i];
    const yFrom = yOuter[i];
    let total = 0;
    for (let k = 0; k < terms; k++) total += x[xFrom + xInner[k]] * y[yFrom + yInner[k]];
    value[i] = total;
  }
  return value;
}

const none = new Uint8Array(0);

function sparseValue(x: ProgramTensor, y: ProgramTensor, { xOuter, yOuter, xInner, yInner }: Loops, size: number): Evaluated {
  const value = new Float64Array(size);
  const zero = new Uint8Array(size);
  const xValue = x.value;
  const yValue = y.value;
  const xZero = x.zero ?? none;
  const yZero = y.zero ?? none;
  const length = xInner.length;
  for (let i = 0; i < size; i++) {
    const xFrom = xOuter[i];
    const yFrom = yOuter[i];
    let total = 0;
    let terms = 0;
    for (let k = 0; k < length; k++) {
      const xAt = xFrom + xInner[k];
      const yAt = yFrom + yInner[k];
      // beyond the end of an absent mark is undefined, and no zero
      if (xZero[xAt] || yZero[yAt]) continue;
      total += xValue[xAt] * yValue[yAt];
      terms++;
    }
    value[i] = total;
    if (terms === 0) zero[i] = 1;
  }
  return { value, zero };
}

/** γ_K Σ|xy| + K·w, and what is declared of products. */
function exactOperands(
  x: Float64Array,
  y: Float64Array,
  { xOuter, yOuter, xInner, yInner }: Loops,
  size: number,
  { a, w }: NumericProfile,
  declared: number,
): Float64Array {
  const bound = new Float64Array(size);
  const terms = xInner.length;
  const g = gamma(terms, a) + declared;
  for (let i = 0; i < size; i++) {
    const xFrom = xOuter[i];
    const yFrom = yOuter[i];
    let magnitude = 0;
    for (let k = 0; k < terms; k++) magnitude += Math.abs(x[xFrom + xInner[k]] * y[yFrom + yInner[k]]);
    bound[i] = g * magnitude + terms * w;
  }
  return bound;
}

/** γ_K Σ|xy| + (1 + γ_K) Σ (e_x(|y| + e_y) + e_y|x|) + K·w over the K terms that are no structural zeros. */
function inexactOperands(
  x: ProgramTensor,
  y: ProgramTensor,
  { xOuter, yOuter, xInner, yInner }: Loops,
  size: number,
  { a, w }: NumericProfile,
  declared: number,
): Float64Array {
  const bound = new Float64Array(size);
  const xValue = x.value;
  const yValue = y.value;
  const xBound = x.bound ?? new Float64Array(xValue.length);
  const yBound = y.bound ?? new Float64Array(yValue.length);
  const xZero = x.zero ?? none;
  const yZero = y.zero ?? none;
  const length = xInner.length;
  for (let i = 0; i < size; i++) {
    const xFrom = xOuter[i];
    const yFrom = yOuter[i];
    let magnitude = 0;
    let error = 0;
    let terms = 0;
    for (let k = 0; k < length; k++) {
      const xAt = xFrom + xInner[k];
      const yAt = yFrom + yInner[k];
      if (xZero[xAt] || yZero[yAt]) continue;
      const xSize = Math.abs(xValue[xAt]);
      const ySize = Math.abs(yValue[yAt]);
      const ey = yBound[yAt];
      magnitude += xSize * ySize;
      error += xBound[xAt] * (ySize + ey) + ey * xSize;
      terms++;
    }
    const g = gamma(terms, a) + declared;
    bound[i] = g * magnitude + (1 + g) * error + terms * w;
  }
  return bound;
}
