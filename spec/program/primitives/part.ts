import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes, requireNewAxes } from '../lib/require-axes.js';
import { requireRange } from '../lib/require-whole.js';
import type { Primitive } from '../primitive.js';
import { offsets, strideOf } from '../tensor.js';

/** Range of an axis as axis `made`: out[i] = x[from + i], before `to`. Transpose: `place`. */
export const part: Primitive = relocation({
  name: 'part',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
    { name: 'from', kind: 'scalar' },
    { name: 'to', kind: 'scalar' },
    { name: 'made', kind: 'axis' },
  ],
  shape({ operands: { x }, axes, scalars, sizes }) {
    const [axis, made] = axes;
    requireAxes([axis], x);
    requireNewAxes([made], x);
    requireRange(scalars, axes, sizes);
    return { kind: 'number', axes: x.axes.map((of) => (of === axis ? made : of)) };
  },
  sources({ operands: { x }, axes: [axis, made], scalars: { from }, out, sizes }) {
    const step = strideOf(x.axes, axis, sizes);
    const place = offsets([made], out.axes, sizes);
    return { from: placeOfEach(offsets(x.axes, out.axes, sizes), (at, i) => at + (from + place[i]) * step) };
  },
  gradient: ({ axes: [axis, made], scalars: { from, to } }) => ({ x: ['place', 'dout', made, from, to, axis] }),
});
