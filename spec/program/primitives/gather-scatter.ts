import { collection } from '../lib/collection.js';
import { placeAt } from '../lib/index-operand.js';
import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes, requireNewAxes } from '../lib/require-axes.js';
import type { Primitive } from '../primitive.js';
import { bytes } from '../scratch.js';
import { offsets, strideOf, union, without } from '../tensor.js';

/** Index 0, 1, 2, … along an axis, named `index` in programs. */
export const index: Primitive = {
  name: 'index',
  parameters: [{ name: 'axis', kind: 'axis' }],
  shape: ({ axes }) => ({ kind: 'number', axes }),
  value: ({ axes, sizes }) => ({ value: Float64Array.from({ length: sizes[axes[0]] }, (_, i) => i) }),
  bound: () => undefined,
  gradient: () => ({}),
};

/**
 * Scatter-add: out[…, j] = Σ x[…, k] over the k of the later axes with index[…, k] = j; other axes
 * are aligned by name. An index outside the axis, like −1, is left out. Transpose: `gather`.
 */
export const scatter: Primitive = collection({
  name: 'scatter',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'index', kind: 'number' },
    { name: 'axes', kind: 'axes' },
  ],
  shape({ operands: { x, index }, axes: [axis, ...summed] }) {
    const all = { kind: 'number' as const, axes: union(x.axes, index.axes) };
    requireAxes(summed, all);
    const kept = without(all.axes, summed);
    requireNewAxes([axis], { ...all, axes: kept });
    return { ...all, axes: [...kept, axis] };
  },
  targets({ operands: { x, index }, axes: [axis], out, sizes }) {
    const space = union(x.axes, index.axes);
    const step = strideOf(out.axes, axis, sizes);
    const named = offsets(index.axes, space, sizes);
    // a summed axis may have the name of the new axis
    const own = offsets([axis], space, sizes);
    const starts = offsets(out.axes, space, sizes).map((at, k) => at - own[k] * step);
    const open = bytes(out.axes.reduce((product, of) => product * sizes[of], 1));
    let undecided = false;
    const to = starts.map((start, k) => {
      const found = placeAt(index, named[k], sizes[axis]);
      if (found.open) {
        undecided = true;
        for (let j = 0; j < sizes[axis]; j++) open[start + j * step] = 1;
      }
      return found.place < 0 ? -1 : start + found.place * step;
    });
    const from = offsets(x.axes, space, sizes);
    return undecided ? { from, to, open } : { from, to };
  },
  gradient: ({ axes: [axis] }) => ({ x: ['gather', 'dout', axis, 'index'] }),
});

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
