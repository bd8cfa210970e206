import { placeAt } from '../lib/index-operand.js';
import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes } from '../lib/require-axes.js';
import type { Primitive } from '../primitive.js';
import { bytes } from '../scratch.js';
import { offsets, strideOf, union, without } from '../tensor.js';

/**
 * Gathers along an axis: out[…, k] = x[…, index[…, k]]; other axes are aligned by name. An index
 * outside the axis, like −1, gives a structural zero. Transpose: `scatter`.
 */
export const gather: Primitive = relocation({
  name: 'gather',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
    { name: 'index', kind: 'number' },
  ],
  shape({ operands: { x, index }, axes }) {
    requireAxes(axes, x);
    return { kind: 'number', axes: union(without(x.axes, axes), index.axes) };
  },
  sources({ operands: { x, index }, axes: [axis], out, sizes }) {
    const step = strideOf(x.axes, axis, sizes);
    const named = offsets(index.axes, out.axes, sizes);
    const own = offsets([axis], out.axes, sizes);
    const open = bytes(named.length);
    const from = placeOfEach(offsets(x.axes, out.axes, sizes), (at, i) => {
      const found = placeAt(index, named[i], sizes[axis]);
      if (found.open) open[i] = 1;
      return found.place < 0 ? -1 : at + (found.place - own[i]) * step;
    });
    return open.includes(1) ? { from, open } : { from };
  },
  gradient: ({ operands: { x, index }, axes: [axis] }) => ({
    x: ['scatter', 'dout', 'index', axis, ...without(index.axes, without(x.axes, [axis]))],
  }),
});
