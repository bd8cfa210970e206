import { distanceWithin } from '../lib/distance.js';
import { type Application, type Primitive, TermError } from '../primitive.js';
import { floats } from '../scratch.js';
import { elements, offsets, strideOf, without } from '../tensor.js';

/**
 * Boolean tensor that selects the `count` largest elements of each block of x along an axis. Blocks have `block` elements; the last
 * one has the remaining ones. Only elements that `where` keeps are counted and selected. An element whose selection a tie, the error
 * of x or an undecided `where` leaves open is selected with an infinite bound (undecided), which propagates to everything that
 * depends on it.
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
  // an implementation has to choose between ties: here the first of them
  value: (application) => ({
    value: chosen(application, ({ surely, before }, count) => surely + (application.rounding ? before : 0) < count),
  }),
  bound: (application, { value }) => {
    const safe = chosen(application, ({ perhaps, kept }, count) => kept && perhaps < count);
    const open = value.map((in_, at) => (in_ === safe[at] ? 0 : Infinity));
    return open.some((x) => x > 0) ? open : undefined;
  },
  gradient: () => ({}),
};

/**
 * Number of other elements of the block that are larger for certain, number of those that may be larger, number of equal ones before it, and
 * whether it is kept for certain itself.
 */
interface Larger {
  readonly surely: number;
  readonly perhaps: number;
  readonly before: number;
  readonly kept: boolean;
}

/** Elements of a block that may be kept, by their offsets in order, and for each of them whether it is for certain. */
interface Block {
  readonly at: number[];
  readonly surely: boolean[];
}

function chosen(application: Application, keeps: (larger: Larger, count: number) => boolean): Float64Array {
  const { operands, scalars, axes, sizes, profile } = application;
  const { x, where } = operands;
  const [axis] = axes;
  const starts = offsets(x.axes, without(x.axes, [axis]), sizes);
  const step = strideOf(x.axes, axis, sizes);
  const whereAt = where && offsets(where.axes, x.axes, sizes);
  const isOpen = (at: number) => (whereAt && where.bound ? where.bound[whereAt[at]] > 0 : false);
  const isKept = (at: number) => !whereAt || where.value[whereAt[at]] !== 0;
  const errors = x.bound?.map((e) => distanceWithin(profile, e));
  const out = floats(elements(x.axes, sizes));
  for (const start of starts) {
    for (let first = 0; first < sizes[axis]; first += scalars.block) {
      const block: Block = { at: [], surely: [] };
      for (let i = first; i < Math.min(sizes[axis], first + scalars.block); i++) {
        const at = start + i * step;
        const open = isOpen(at);
        if (!open && !isKept(at)) continue;
        block.at.push(at);
        block.surely.push(!open);
      }
      for (const [one, at] of block.at.entries()) if (keeps(largerThan(one, block, x.value, errors), scalars.count)) out[at] = 1;
    }
  }
  return out;
}

function largerThan(one: number, { at, surely: kept }: Block, values: Float64Array, errors: Float64Array | undefined): Larger {
  const own = values[at[one]];
  const error = errors ? errors[at[one]] : 0;
  let [surely, perhaps, before] = [0, 0, 0];
  for (let x = 0; x < at.length; x++) {
    if (x === one) continue;
    const other = values[at[x]];
    const margin = errors ? error + errors[at[x]] : 0;
    if (kept[x] && other - own > margin) surely++;
    if (x < one && other === own) before++;
    // NaN counts as perhaps larger
    if (!(own - other > margin)) perhaps++;
  }
  return { surely, perhaps, before, kept: kept[one] };
}
