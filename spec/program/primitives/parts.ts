import { collection } from '../lib/collection.js';
import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes, requireNewAxes } from '../lib/require-axes.js';
import { requireRange, requireWhole } from '../lib/require-whole.js';
import { type Primitive, TermError } from '../primitive.js';
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
      throw new TermError(`found index ${index} along "${axes[0]}", which has size ${sizes[axes[0]]}; indices begin at 0`);
    return { kind: 'number', axes: without(x.axes, axes) };
  },
  sources({ operands: { x }, axes: [axis], scalars: { index }, out, sizes }) {
    const start = index * strideOf(x.axes, axis, sizes);
    return { from: placeOfEach(offsets(x.axes, out.axes, sizes), (at) => at + start) };
  },
  gradient: ({ axes: [axis], scalars: { index } }) => ({ x: ['where', ['predicate', ['=', axis, index], axis], 'dout', 0] }),
});
