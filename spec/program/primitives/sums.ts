import { gamma } from '../../numeric/profile.js';
import { contractionBound, contractionValue } from '../lib/contraction.js';
import { intervalAt, sizeOfInterval } from '../lib/elementwise.js';
import { dividedLater, productsOf } from '../lib/reordered.js';
import { requireAxes } from '../lib/require-axes.js';
import { sumsOver } from '../lib/sums-of-products.js';
import { tf32Error } from '../lib/tf32.js';
import { weightedMeanBound } from '../lib/weighted-mean.js';
import { type Application, type Primitive, TermError } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, offsets, type ProgramTensor, union, without } from '../tensor.js';

/** Contraction Σ x·y over shared axes, without structural zeros; other axes align by name. */
export const dot: Primitive = {
  name: 'dot',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
    { name: 'axes', kind: 'axes' },
  ],
  shape({ operands: { x, y }, axes }) {
    for (const axis of axes) {
      for (const [place, type] of [
        ['first', x],
        ['second', y],
      ] as const) {
        if (!type.axes.includes(axis)) {
          throw new TermError(`the ${place} operand has no axis "${axis}" to contract, it has: ${type.axes.join(' ') || 'none'}`);
        }
      }
    }
    return { kind: 'number', axes: without(union(x.axes, y.axes), axes) };
  },
  value(application) {
    const { x, y } = application.operands;
    return contractionValue(x, y, sumsOver(application, x, y));
  },
  bound(application, result) {
    const { x, y } = application.operands;
    const { profile, axes } = application;
    const over = (t: ProgramTensor) => axes.length === 1 && t.softmax?.axis === axes[0];
    if (over(x)) return weightedMeanBound(application, x, y, result);
    if (over(y)) return weightedMeanBound(application, y, x, result);
    const declared = tf32Error(profile) + (x.prescaled || y.prescaled ? profile.u : 0);
    const bound = contractionBound(x, y, sumsOver(application, x, y), profile, declared);
    return dividedLater(application, result, bound);
  },
  form: productsOf,
  gradient({ operands: { x, y } }) {
    const term = (other: string, axes: string[]) => (axes.length > 0 ? ['dot', 'dout', other, ...axes] : ['mul', 'dout', other]);
    return { x: term('y', without(y.axes, x.axes)), y: term('x', without(x.axes, y.axes)) };
  },
};

function loops({ operands, axes, out, sizes }: Application): { outer: Int32Array; inner: Int32Array } {
  return { outer: offsets(operands.x.axes, out.axes, sizes), inner: offsets(operands.x.axes, axes, sizes) };
}

/** Sum of x over axes; structural zeros are skipped. */
export const sum: Primitive = {
  name: 'sum',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axes', kind: 'axes' },
  ],
  shape({ operands, axes }) {
    requireAxes(axes, operands.x);
    return { kind: 'number', axes: without(operands.x.axes, axes) };
  },
  value(application) {
    const { x } = application.operands;
    const { value: xValue, zero: xZero } = x;
    const { outer, inner } = loops(application);
    const value = floats(elements(application.out.axes, application.sizes));
    const zero = xZero ? bytes(value.length) : undefined;
    for (let i = 0; i < value.length; i++) {
      let total = 0;
      let terms = 0;
      for (let k = 0; k < inner.length; k++) {
        const at = outer[i] + inner[k];
        if (xZero?.[at]) continue;
        total += xValue[at];
        terms++;
      }
      value[i] = total;
      if (zero && terms === 0) zero[i] = 1;
    }
    return zero ? { value, zero } : { value };
  },
  bound(application, result) {
    const { x } = application.operands;
    const { value: xValue, bound: xBound, zero: xZero } = x;
    const { a } = application.profile;
    const { outer, inner } = loops(application);
    const bound = floats(result.value.length);
    for (let i = 0; i < bound.length; i++) {
      let magnitude = 0;
      let error = 0;
      let terms = 0;
      for (let k = 0; k < inner.length; k++) {
        const at = outer[i] + inner[k];
        if (xZero?.[at]) continue;
        magnitude += Math.abs(xValue[at]);
        if (xBound) error += xBound[at];
        terms++;
      }
      const g = gamma(terms, a);
      bound[i] = g * magnitude + (1 + g) * error;
    }
    return bound;
  },
  least(application) {
    const { x } = application.operands;
    const known = x.least;
    if (!known) return undefined;
    const { outer, inner } = loops(application);
    return Float64Array.from(outer, (from) => {
      let low = 0;
      let high = 0;
      let terms = 0;
      for (const step of inner) {
        if (x.zero?.[from + step]) continue;
        const term = intervalAt(x, from + step);
        low += term.low;
        high += term.high;
        terms++;
      }
      return Math.min(sizeOfInterval({ low, high }) * (1 - gamma(terms, application.profile.a)), Number.MAX_VALUE);
    });
  },
  gradient: ({ axes }) => ({ x: ['expand', 'dout', ...axes] }),
};
