import { requireBlocks } from '../lib/blocks.js';
import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes, requireNewAxes } from '../lib/require-axes.js';
import type { Primitive } from '../primitive.js';
import { offsets, strideOf } from '../tensor.js';

/** Joins blocks to an axis: out[n] = x[⌊n/r⌋, n mod r], without padding. Inverse: `split`. */
export const join: Primitive = relocation({
  name: 'join',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'blocks', kind: 'axis' },
    { name: 'each', kind: 'axis' },
    { name: 'axis', kind: 'axis' },
  ],
  shape({ operands: { x }, axes: [blocks, each, axis], sizes }) {
    requireAxes([blocks, each], x);
    requireNewAxes([axis], x);
    requireBlocks([axis, blocks, each], sizes);
    return { kind: 'number', axes: x.axes.flatMap((of) => (of === blocks ? [axis] : of === each ? [] : [of])) };
  },
  sources({ operands: { x }, axes: [blocks, each, axis], out, sizes }) {
    const block = strideOf(x.axes, blocks, sizes);
    const inside = strideOf(x.axes, each, sizes);
    const place = offsets([axis], out.axes, sizes);
    const size = sizes[each];
    return {
      from: placeOfEach(offsets(x.axes, out.axes, sizes), (at, i) => at + Math.floor(place[i] / size) * block + (place[i] % size) * inside),
    };
  },
  gradient: ({ axes: [blocks, each, axis] }) => ({ x: ['split', 'dout', axis, blocks, each] }),
});
