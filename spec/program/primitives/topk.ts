import { distanceWithin } from '../lib/distance.js';
import { answersOf, NO, YES } from '../lib/where-operand.js';
import { type Application, type Primitive, TermError } from '../primitive.js';
import { bytes, floats, integers, madeFor } from '../scratch.js';
import { offsets, strideOf, without } from '../tensor.js';

/**
 * Selects the `count` largest elements of each block of `block` elements along an axis, among the
 * elements that `where` keeps. Ties, errors of x and an undecided `where` leave a selection
 * undecided.
 */
export const topk: Primitive = {
  name: 'topk',
  open: 'errors may change which elements are the largest',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
    { name: 'count', kind: 'scalar' },
    { name: 'block', kind: 'scalar' },
  ],
  attributes: { where: { kind: 'boolean' } },
  shape({ operands, axes: [axis], scalars: { count, block } }) {
    if (!operands.x.axes.includes(axis)) throw new TermError(`its operand has no axis "${axis}"`);
    const foreign = operands.where?.axes.find((of) => !operands.x.axes.includes(of));
    if (foreign !== undefined) throw new TermError(`"where" has axis "${foreign}", which the operand lacks`);
    if (!Number.isInteger(count) || count < 0) throw new TermError(`found ${count} elements to choose, must be a whole number, 0 or more`);
    if (!Number.isInteger(block) || block < 1) throw new TermError(`found blocks of ${block}, must be a whole number, 1 or more`);
    return { kind: 'boolean', axes: operands.x.axes };
  },
  value(application) {
    const { scalars, rounding } = application;
    const { surely, before, kept } = ranksOf(application);
    const value = floats(kept.length);
    // a rounding implementation must break ties: here the first element wins
    for (let at = 0; at < value.length; at++)
      if (kept[at] !== NO && surely[at] + (rounding ? before[at] : 0) < scalars.count) value[at] = 1;
    return { value };
  },
  bound(application, { value }) {
    const { perhaps, kept } = ranksOf(application);
    const { count } = application.scalars;
    const open = floats(value.length);
    let some = false;
    for (let at = 0; at < open.length; at++) {
      const isSafe = kept[at] === YES && perhaps[at] < count;
      if (isSafe === (value[at] === 1)) continue;
      open[at] = Infinity;
      some = true;
    }
    return some ? open : undefined;
  },
  gradient: () => ({}),
};

interface Ranks {
  readonly kept: Uint8Array;
  /** Certainly larger, possibly larger, and equal earlier elements. */
  readonly surely: Int32Array;
  readonly perhaps: Int32Array;
  readonly before: Int32Array;
}

function ranksOf(application: Application): Ranks {
  return madeFor(application, () => ranked(application));
}

function ranked(application: Application): Ranks {
  const { operands, scalars, axes, sizes, profile } = application;
  const { x, where } = operands;
  const [axis] = axes;
  const starts = offsets(x.axes, without(x.axes, [axis]), sizes);
  const step = strideOf(x.axes, axis, sizes);
  const kept = answersOf(where, x.axes, sizes);
  const size = kept.length;
  const ranks = { kept, surely: integers(size).fill(0), perhaps: integers(size).fill(0), before: integers(size).fill(0) };
  const block = Math.min(scalars.block, sizes[axis]);
  const found = { at: integers(block), value: floats(block), error: floats(block), certain: bytes(block) };
  const reach = distanceWithin(profile, 1);
  for (const start of starts) {
    for (let first = 0; first < sizes[axis]; first += scalars.block) {
      let length = 0;
      for (let i = first; i < Math.min(sizes[axis], first + scalars.block); i++) {
        const at = start + i * step;
        if (kept[at] === NO) continue;
        found.at[length] = at;
        found.value[length] = x.value[at];
        found.error[length] = x.bound ? reach * x.bound[at] : 0;
        found.certain[length++] = kept[at] === YES ? 1 : 0;
      }
      rankBlock(found, length, ranks);
    }
  }
  return ranks;
}

interface Block {
  readonly at: Int32Array;
  readonly value: Float64Array;
  readonly error: Float64Array;
  readonly certain: Uint8Array;
}

function rankBlock({ at, value, error, certain }: Block, length: number, ranks: Ranks): void {
  for (let one = 0; one < length; one++) {
    const own = value[one];
    const ownError = error[one];
    let surely = 0;
    let perhaps = 0;
    let before = 0;
    for (let other = 0; other < length; other++) {
      if (other === one) continue;
      const lead = value[other] - own;
      const margin = ownError + error[other];
      if (certain[other] && lead > margin) surely++;
      if (other < one && value[other] === own) before++;
      // NaN counts as possibly larger
      if (!(-lead > margin)) perhaps++;
    }
    ranks.surely[at[one]] = surely;
    ranks.perhaps[at[one]] = perhaps;
    ranks.before[at[one]] = before;
  }
}
