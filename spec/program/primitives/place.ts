import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes, requireNewAxes } from '../lib/require-axes.js';
import { requireRange } from '../lib/require-whole.js';
import type { Primitive } from '../primitive.js';
import { offsets, strideOf } from '../tensor.js';

/** Axis as a range of `whole`: out[from + i] = x[i], else structural zeros. Transpose: `part`. */
export const place: Primitive = relocation({
  name: 'place',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
    { name: 'from', kind: 'scalar' },
    { name: 'to', kind: 'scalar' },
    { name: 'whole', kind: 'axis' },
  ],
  shape({ operands: { x }, axes: [axis, whole], scalars, sizes }) {
    requireAxes([axis], x);
    requireNewAxes([whole], x);
    requireRange(scalars, [whole, axis], sizes);
    return { kind: 'number', axes: x.axes.map((of) => (of === axis ? whole : of)) };
  },
  sources({ operands: { x }, axes: [axis, whole], scalars: { from, to }, out, sizes }) {
    const step = strideOf(x.axes, axis, sizes);
    const at = offsets([whole], out.axes, sizes);
    return {
      from: placeOfEach(offsets(x.axes, out.axes, sizes), (start, i) => (at[i] >= from && at[i] < to ? start + (at[i] - from) * step : -1)),
    };
  },
  gradient: ({ axes: [axis, whole], scalars: { from, to } }) => ({ x: ['part', 'dout', whole, from, to, axis] }),
});
