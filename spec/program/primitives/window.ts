import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes, requireNewAxes } from '../lib/require-axes.js';
import { requireWhole } from '../lib/require-whole.js';
import type { Primitive } from '../primitive.js';
import { offsets, strideOf } from '../tensor.js';

/** Neighbours: out[i, t] = x[i + t − offset], structural zeros outside. Transpose: `overlap`. */
export const window: Primitive = relocation({
  name: 'window',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
    { name: 'taps', kind: 'axis' },
    { name: 'offset', kind: 'scalar' },
  ],
  shape({ operands: { x }, axes: [axis, taps], scalars: { offset } }) {
    requireAxes([axis], x);
    requireNewAxes([taps], x);
    requireWhole('offset', offset);
    return { kind: 'number', axes: [...x.axes, taps] };
  },
  sources({ operands: { x }, axes: [axis, taps], scalars: { offset }, out, sizes }) {
    const step = strideOf(x.axes, axis, sizes);
    const place = offsets([axis], out.axes, sizes);
    const tap = offsets([taps], out.axes, sizes);
    return {
      from: placeOfEach(offsets(x.axes, out.axes, sizes), (at, i) => {
        const away = tap[i] - offset;
        const source = place[i] + away;
        return source >= 0 && source < sizes[axis] ? at + away * step : -1;
      }),
    };
  },
  gradient: ({ axes: [axis, taps], scalars: { offset } }) => ({ x: ['overlap', 'dout', axis, taps, offset] }),
});
