import { collection } from '../lib/collection.js';
import { requireAxes } from '../lib/require-axes.js';
import { requireWhole } from '../lib/require-whole.js';
import type { Primitive } from '../primitive.js';
import { offsets, strideOf, without } from '../tensor.js';

/** Overlap-add: out[j] = Σ_t x[j − t + offset, t], within the axis. Transpose of `window`. */
export const overlap: Primitive = collection({
  name: 'overlap',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
    { name: 'taps', kind: 'axis' },
    { name: 'offset', kind: 'scalar' },
  ],
  shape({ operands: { x }, axes, scalars: { offset } }) {
    requireAxes(axes, x);
    requireWhole('offset', offset);
    return { kind: 'number', axes: without(x.axes, [axes[1]]) };
  },
  targets({ operands: { x }, axes: [axis, taps], scalars: { offset }, out, sizes }) {
    const step = strideOf(out.axes, axis, sizes);
    const place = offsets([axis], x.axes, sizes);
    const tap = offsets([taps], x.axes, sizes);
    return {
      from: offsets(x.axes, x.axes, sizes),
      to: offsets(out.axes, x.axes, sizes).map((at, i) => {
        const away = tap[i] - offset;
        const target = place[i] + away;
        return target >= 0 && target < sizes[axis] ? at + away * step : -1;
      }),
    };
  },
  gradient: ({ axes: [axis, taps], scalars: { offset } }) => ({ x: ['window', 'dout', axis, taps, offset] }),
});
