import type { Term } from '../../types/documents.js';
import { requireBlocks } from '../lib/blocks.js';
import { copied, copiedBound } from '../lib/copied.js';
import { placeOfEach, relocation } from '../lib/relocation.js';
import { requireAxes, requireNewAxes } from '../lib/require-axes.js';
import { type Primitive, TermError } from '../primitive.js';
import { gather, offsets, strideOf } from '../tensor.js';

/** Position of each query among the keys: index + offset (CONTRACTS, dialect `causal`). */
export const position: Primitive = {
  name: 'position',
  parameters: [{ name: 'axis', kind: 'axis' }],
  shape: ({ axes }) => ({ kind: 'number', axes }),
  value: ({ axes, sizes, offset }) => ({ value: Float64Array.from({ length: sizes[axes[0]] }, (_, i) => i + offset) }),
  bound: () => undefined,
  gradient: () => ({}),
};

/** Copy of x without a gradient. */
export const stop: Primitive = {
  name: 'stop',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: ({ operands: { x } }) => copied(x),
  analysis: ({ operands }) => operands.x.softmax,
  bound: ({ operands, profile }) => copiedBound(operands.x, profile),
  least: ({ operands }) => operands.x.least,
  gradient: () => ({}),
};

/** Repetition of x along axes that it lacks. */
export const expand: Primitive = {
  name: 'expand',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axes', kind: 'axes' },
  ],
  shape({ operands, axes }) {
    const present = axes.find((axis) => operands.x.axes.includes(axis));
    if (present) throw new TermError(`the operand already has axis "${present}": ${operands.x.axes.join(' ')}`);
    return { kind: 'number', axes: [...operands.x.axes, ...axes] };
  },
  value({ operands, out, sizes }) {
    const at = offsets(operands.x.axes, out.axes, sizes);
    const { value, zero } = operands.x;
    const repeated = gather(value, at);
    return zero ? { value: repeated, zero: gather(zero, at) } : { value: repeated };
  },
  bound({ operands, out, sizes }) {
    const { bound } = operands.x;
    return bound && gather(bound, offsets(operands.x.axes, out.axes, sizes));
  },
  least({ operands, out, sizes }) {
    const { least } = operands.x;
    return least && gather(least, offsets(operands.x.axes, out.axes, sizes));
  },
  gradient: ({ axes }) => ({ x: ['sum', 'dout', ...axes] }),
};

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

function renamed(axes: readonly string[], [from, to]: readonly string[]): string[] {
  return axes.map((axis) => (axis === from ? to : axis));
}

/** x with axis `from` renamed to `to`, which has the same size. */
export const rename: Primitive = {
  name: 'rename',
  parameters: [
    { name: 'x', kind: 'any' },
    { name: 'from', kind: 'axis' },
    { name: 'to', kind: 'axis' },
  ],
  shape({ operands: { x }, axes, sizes }) {
    const [from, to] = axes;
    if (!x.axes.includes(from)) throw new TermError(`the operand has no axis "${from}", it has: ${x.axes.join(' ') || 'none'}`);
    if (x.axes.includes(to)) throw new TermError(`the operand already has axis "${to}": ${x.axes.join(' ')}`);
    if (sizes[from] !== sizes[to])
      throw new TermError(`axis "${from}" has size ${sizes[from]} and "${to}" ${sizes[to]}; they must have one size in every case`);
    return { kind: x.kind, axes: renamed(x.axes, axes) };
  },
  value: ({ operands: { x } }) => copied(x),
  analysis({ operands: { x }, axes }) {
    const { softmax } = x;
    return softmax && { ...softmax, axis: renamed([softmax.axis], axes)[0], rowAxes: renamed(softmax.rowAxes, axes) };
  },
  bound: ({ operands, profile }) => copiedBound(operands.x, profile),
  least: ({ operands }) => operands.x.least,
  gradient({ operands, axes: [from, to] }): Record<string, Term> {
    return operands.x.kind === 'number' ? { x: ['rename', 'dout', to, from] } : {};
  },
};
