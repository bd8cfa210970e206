import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes } from '../lib/require-axes.js';
import { requireWhole } from '../lib/require-whole.js';
import { type Primitive, TermError } from '../primitive.js';
import { offsets, strideOf, without } from '../tensor.js';

/** Slice x[index] along an axis. */
export const slice: Primitive = relocation({
  name: 'slice',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
    { name: 'index', kind: 'scalar' },
  ],
  shape({ operands: { x }, axes, scalars: { index }, sizes }) {
    requireAxes(axes, x);
    requireWhole('index', index);
    if (index < 0 || index >= sizes[axes[0]])
      throw new TermError(`found place ${index} of "${axes[0]}", which has ${sizes[axes[0]]} places, the first of them 0`);
    return { kind: 'number', axes: without(x.axes, axes) };
  },
  sources({ operands: { x }, axes: [axis], scalars: { index }, out, sizes }) {
    const start = index * strideOf(x.axes, axis, sizes);
    return { from: placeOfEach(offsets(x.axes, out.axes, sizes), (at) => at + start) };
  },
  gradient: ({ axes: [axis], scalars: { index } }) => ({ x: ['where', ['predicate', ['=', axis, index], axis], 'dout', 0] }),
});
