import { type Application, type Primitive, TermError } from '../primitive.js';
import { elements, offsets, strideOf, without } from '../tensor.js';

/**
 * Boolean tensor that selects the `count` largest elements of each block of x along an axis. Blocks have `block` elements; the last
 * one has the remaining ones. Only elements that `where` keeps are counted and selected. An element whose selection a tie or the
 * error of x leaves open is selected with an infinite bound (undecided), which propagates to everything that depends on it.
 */
export const topk: Primitive = {
  name: 'topk',
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
  value: (application) => ({ value: chosen(application, ({ surely }, count) => surely < count) }),
  bound: (application, { value }) => {
    const safe = chosen(application, ({ perhaps }, count) => perhaps < count);
    const open = value.map((in_, at) => (in_ === safe[at] ? 0 : Infinity));
    return open.some((x) => x > 0) ? open : undefined;
  },
  gradient: () => ({}),
};

/** Number of other elements of the block that are larger for certain, and number of those that may be larger. */
interface Larger {
  readonly surely: number;
  readonly perhaps: number;
}

function chosen(application: Application, keeps: (larger: Larger, count: number) => boolean): Float64Array {
  const { operands, scalars, axes, sizes } = application;
  const { x, where } = operands;
  const [axis] = axes;
  const starts = offsets(x.axes, without(x.axes, [axis]), sizes);
  const step = strideOf(x.axes, axis, sizes);
  const kept = where && offsets(where.axes, x.axes, sizes).map((at) => where.value[at]);
  const out = new Float64Array(elements(x.axes, sizes));
  for (const start of starts) {
    for (let first = 0; first < sizes[axis]; first += scalars.block) {
      const block: number[] = [];
      for (let i = first; i < Math.min(sizes[axis], first + scalars.block); i++) {
        const at = start + i * step;
        if (kept?.[at] !== 0) block.push(at);
      }
      for (const at of block) if (keeps(largerThan(at, block, x.value, x.bound), scalars.count)) out[at] = 1;
    }
  }
  return out;
}

function largerThan(at: number, block: readonly number[], value: Float64Array, bound: Float64Array | undefined): Larger {
  let [surely, perhaps] = [0, 0];
  for (const other of block) {
    if (other === at) continue;
    const margin = (bound?.[at] ?? 0) + (bound?.[other] ?? 0);
    if (value[other] - value[at] > margin) surely++;
    // NaN counts as perhaps larger
    if (!(value[at] - value[other] > margin)) perhaps++;
  }
  return { surely, perhaps };
}
