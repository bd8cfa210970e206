import { gamma } from '../../numeric/profile.js';
import { intervalAt, sizeOfInterval } from '../lib/elementwise.js';
import { requireAxes } from '../lib/require-axes.js';
import type { Application, Primitive } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, offsets, without } from '../tensor.js';

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
