import { requireBlocks } from '../lib/blocks.js';
import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes, requireNewAxes } from '../lib/require-axes.js';
import type { Primitive } from '../primitive.js';
import { offsets, strideOf } from '../tensor.js';

/** Splits an axis: out[i, j] = x[i·r + j], padded with structural zeros. Inverse: `join`. */
export const split: Primitive = relocation({
  name: 'split',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
    { name: 'blocks', kind: 'axis' },
    { name: 'each', kind: 'axis' },
  ],
  shape({ operands: { x }, axes, sizes }) {
    const [axis, ...made] = axes;
    requireAxes([axis], x);
    requireNewAxes(made, x);
    requireBlocks(axes, sizes);
    return { kind: 'number', axes: x.axes.flatMap((of) => (of === axis ? made : [of])) };
  },
  sources({ operands: { x }, axes: [axis, blocks, each], out, sizes }) {
    const step = strideOf(x.axes, axis, sizes);
    const block = offsets([blocks], out.axes, sizes);
    const inside = offsets([each], out.axes, sizes);
    return {
      from: placeOfEach(offsets(x.axes, out.axes, sizes), (at, i) => {
        const place = block[i] * sizes[each] + inside[i];
        return place < sizes[axis] ? at + place * step : -1;
      }),
    };
  },
  gradient: ({ axes: [axis, blocks, each] }) => ({ x: ['join', 'dout', blocks, each, axis] }),
});
