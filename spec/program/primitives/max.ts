import { copiedBound } from '../lib/copied.js';
import { type Interval, intervalAt, sizeOfInterval } from '../lib/elementwise.js';
import { requireAxes } from '../lib/require-axes.js';
import type { Application, Primitive } from '../primitive.js';
import { offsets, type ProgramTensor, strideOf, union, without } from '../tensor.js';

/**
 * Largest element of x along an axis, among those that `where` keeps; −∞, exactly, where it keeps none. The result is a copy of an element:
 * its interval runs from the largest low end to the largest high end. The gradient goes to the largest element; where two are equal, or
 * their errors leave open which one it is, the bound lets each have all of it, a part or none (`topk`, then `where`).
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
    const value: number[] = [];
    const zero: number[] = [];
    for (const candidates of lines(application)) {
      let largest = -Infinity;
      for (const { at, counts } of candidates) if (counts) largest = Math.max(largest, x.value[at]);
      value.push(largest);
      zero.push(x.zero && candidates.length > 0 && candidates.every(({ at, surely }) => surely && x.zero?.[at]) ? 1 : 0);
    }
    return { value: Float64Array.from(value), ...(x.zero && { zero: Uint8Array.from(zero) }) };
  },
  bound(application, { value, zero }) {
    const { x, where } = application.operands;
    if (!x.bound && !where?.bound && !x.prescaled) return undefined;
    return Float64Array.from(intervals(application), ({ low, high }, i) => {
      const r = value[i];
      return zero?.[i] ? 0 : Math.max(high === r ? 0 : high - r, low === r ? 0 : r - low);
    });
  },
  least(application) {
    if (!application.operands.x.least) return undefined;
    return Float64Array.from(intervals(application), (interval) => Math.min(sizeOfInterval(interval), Number.MAX_VALUE));
  },
  gradient({ operands: { x, where }, axes: [axis], sizes }) {
    const lacking = without(where?.axes ?? [], x.axes);
    const everywhere = lacking.length > 0 ? ['expand', 'x', ...lacking] : 'x';
    return { x: ['where', ['topk', everywhere, axis, 1, sizes[axis], ...(where ? [{ where: 'where' }] : [])], 'dout', 0] };
  },
};

/** An element of x, by its offset, that `where` keeps or may keep. */
interface Candidate {
  readonly at: number;
  /** Kept by the value of `where`, which may be undecided. */
  readonly counts: boolean;
  /** Kept for certain. */
  readonly surely: boolean;
}

/** Candidates of each element of the result. */
function lines({ operands: { x, where }, axes: [axis], out, sizes }: Application): Candidate[][] {
  const starts = offsets(x.axes, out.axes, sizes);
  const whereStarts = where && offsets(where.axes, out.axes, sizes);
  const step = strideOf(x.axes, axis, sizes);
  const whereStep = where ? strideOf(where.axes, axis, sizes) : 0;
  return Array.from(starts, (start, line) => {
    const candidates: Candidate[] = [];
    for (let i = 0; i < sizes[axis]; i++) {
      const place = whereStarts ? whereStarts[line] + i * whereStep : 0;
      const counts = where?.value[place] !== 0;
      const surely = !(where?.bound && where.bound[place] > 0);
      if (counts || !surely) candidates.push({ at: start + i * step, counts, surely });
    }
    return candidates;
  });
}

/** Interval of each element of the result: what may be kept raises its high end, what is kept for certain its low end. */
function intervals(application: Application): Interval[] {
  const { x } = application.operands;
  const copy: ProgramTensor = { ...x, bound: copiedBound(x, application.profile) };
  return lines(application).map((candidates) => {
    let [low, high] = [-Infinity, -Infinity];
    for (const { at, surely } of candidates) {
      const own = intervalAt(copy, at);
      high = Math.max(high, own.high);
      if (surely) low = Math.max(low, own.low);
    }
    return { low, high };
  });
}
