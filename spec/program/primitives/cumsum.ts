import { gamma } from '../../numeric/profile.js';
import type { Application, Primitive } from '../primitive.js';
import { requireAxes } from '../require-axes.js';
import { offsets, strideOf, without } from '../tensor.js';

interface Line {
  /** Where each line along the axis starts. */
  readonly starts: Int32Array;
  readonly step: number;
  readonly length: number;
}

function lines({ operands, axes, attributes, sizes }: Application): Line {
  const { x } = operands;
  const step = strideOf(x.axes, axes[0], sizes);
  const length = sizes[axes[0]];
  const starts = offsets(x.axes, without(x.axes, axes), sizes);
  return attributes.reverse ? { starts: starts.map((s) => s + (length - 1) * step), step: -step, length } : { starts, step, length };
}

/** Σ of x up to and with each place along an axis; with `reverse`: from each place to the end. */
export const cumsum: Primitive = {
  name: 'cumsum',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
  ],
  attributes: { reverse: { kind: 'flag' } },
  shape({ operands, axes }) {
    requireAxes(axes, operands.x);
    return operands.x;
  },
  value(application) {
    const { x } = application.operands;
    const { starts, step, length } = lines(application);
    const value = new Float64Array(x.value.length);
    const zero = x.zero ? new Uint8Array(value.length) : undefined;
    for (const start of starts) {
      let total = 0;
      let terms = 0;
      for (let k = 0, at = start; k < length; k++, at += step) {
        if (!x.zero?.[at]) {
          total += x.value[at];
          terms++;
        }
        value[at] = total;
        if (zero && terms === 0) zero[at] = 1;
      }
    }
    return zero ? { value, zero } : { value };
  },
  bound(application, result) {
    const { x } = application.operands;
    const { starts, step, length } = lines(application);
    const g = gamma(length, application.profile.a);
    const bound = new Float64Array(result.value.length);
    for (const start of starts) {
      let magnitude = 0;
      let error = 0;
      for (let k = 0, at = start; k < length; k++, at += step) {
        if (!x.zero?.[at]) {
          magnitude += Math.abs(x.value[at]);
          error += x.bound?.[at] ?? 0;
        }
        bound[at] = g * magnitude + (1 + g) * error;
      }
    }
    return bound;
  },
  gradient: ({ axes, attributes }) => ({
    x: attributes.reverse ? ['cumsum', 'dout', axes[0]] : ['cumsum', 'dout', axes[0], { reverse: true }],
  }),
};
