import { copiedBound } from '../lib/copied.js';
import { intervalAt, sizeOfInterval } from '../lib/elementwise.js';
import { requireAxes } from '../lib/require-axes.js';
import { answersOf, NO, PERHAPS_NOT, YES } from '../lib/where-operand.js';
import type { Application, Primitive } from '../primitive.js';
import { bytes, floats, madeFor } from '../scratch.js';
import { offsets, type ProgramTensor, strideOf, union, without } from '../tensor.js';

/**
 * Largest kept element along an axis; −∞ if `where` keeps no element. The gradient goes to the
 * largest element; tied or uncertain ones may get all, part or no gradient (`topk`, then `where`).
 */
export const max: Primitive = {
  name: 'max',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
  ],
  attributes: { where: { kind: 'boolean' } },
  shape({ operands: { x, where }, axes }) {
    requireAxes(axes, x);
    return { kind: 'number', axes: without(union(x.axes, where?.axes ?? []), axes) };
  },
  value(application) {
    const { x } = application.operands;
    const { starts, step, length, kept } = linesOf(application);
    const value = floats(starts.length);
    const zero = x.zero && bytes(starts.length);
    for (let line = 0; line < value.length; line++) {
      let largest = -Infinity;
      let candidates = 0;
      let zeros = 0;
      for (let i = 0; i < length; i++) {
        const keeps = kept[line * length + i];
        if (keeps === NO) continue;
        const at = starts[line] + i * step;
        candidates++;
        if (keeps !== PERHAPS_NOT) largest = Math.max(largest, x.value[at]);
        if (keeps === YES && x.zero?.[at]) zeros++;
      }
      value[line] = largest;
      if (zero && candidates > 0 && zeros === candidates) zero[line] = 1;
    }
    return zero ? { value, zero } : { value };
  },
  bound(application, { value, zero }) {
    const { x, where } = application.operands;
    if (!x.bound && !where?.bound && !x.prescaled) return undefined;
    const { low, high } = endsOf(application);
    const bound = floats(value.length);
    for (let i = 0; i < bound.length; i++) {
      const r = value[i];
      if (!zero?.[i]) bound[i] = Math.max(high[i] === r ? 0 : high[i] - r, low[i] === r ? 0 : r - low[i]);
    }
    return bound;
  },
  least(application) {
    if (!application.operands.x.least) return undefined;
    const { low, high } = endsOf(application);
    return low.map((from, i) => Math.min(sizeOfInterval({ low: from, high: high[i] }), Number.MAX_VALUE));
  },
  gradient({ operands: { x, where }, axes: [axis], sizes }) {
    const lacking = without(where?.axes ?? [], x.axes);
    const everywhere = lacking.length > 0 ? ['expand', 'x', ...lacking] : 'x';
    return { x: ['where', ['topk', everywhere, axis, 1, sizes[axis], ...(where ? [{ where: 'where' }] : [])], 'dout', 0] };
  },
};

interface Lines {
  readonly starts: Int32Array;
  readonly step: number;
  readonly length: number;
  readonly kept: Uint8Array;
}

function linesOf(application: Application): Lines {
  return madeFor(application, () => {
    const { operands, axes, out, sizes } = application;
    const { x, where } = operands;
    const [axis] = axes;
    const starts = offsets(x.axes, out.axes, sizes);
    const kept = answersOf(where, [...out.axes, axis], sizes);
    return { starts, step: strideOf(x.axes, axis, sizes), length: sizes[axis], kept };
  });
}

/** Intervals of the result: possible elements raise the high end, certain ones the low end. */
function endsOf(application: Application): Readonly<Record<'low' | 'high', Float64Array>> {
  const { x } = application.operands;
  const copy: ProgramTensor = { ...x, bound: copiedBound(x, application.profile) };
  const { starts, step, length, kept } = linesOf(application);
  const low = floats(starts.length).fill(-Infinity);
  const high = floats(starts.length).fill(-Infinity);
  for (let line = 0; line < starts.length; line++) {
    for (let i = 0; i < length; i++) {
      const keeps = kept[line * length + i];
      if (keeps === NO) continue;
      const own = intervalAt(copy, starts[line] + i * step);
      high[line] = Math.max(high[line], own.high);
      if (keeps === YES) low[line] = Math.max(low[line], own.low);
    }
  }
  return { low, high };
}
