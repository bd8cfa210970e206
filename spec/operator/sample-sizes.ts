import type { Dims, Operator } from '../types/documents.js';
import { drawnAxesOf, tiedTo, withComputedAxes } from './axes.js';
import { commonAxes, ownAxes, queryAxisOf } from './facts.js';

type Options = Readonly<Record<string, unknown>>;

/** Smallest sizes that the document allows; 1 if a size cannot be computed. */
export function smallestSizes(operator: Operator, options: Options = {}): Dims {
  return sizesBy(operator, options, () => 1);
}

/** Two sets of sizes in which only tied axes are equal, to test shapes. */
export function unlikeSizes(operator: Operator, options: Options = {}): Dims[] {
  const up = (place: number) => unlike[place % unlike.length];
  return [sizesBy(operator, options, up), sizesBy(operator, options, (place, count) => up(count - 1 - place))];
}

/** Even and odd, prime and composite; small, because axes multiply. */
const unlike = [3, 7, 4, 9, 2, 11, 5, 13, 6, 8, 17, 10, 19, 12, 23];

function sizesBy(operator: Operator, options: Options, wanted: (place: number, count: number) => number): Dims {
  const drawn = new Map(drawnAxesOf(operator).map((axis) => [axis.name, axis]));
  const axes = [...commonAxes, ...ownAxes(operator)];
  const sizes: Record<string, number> = {};
  for (const [place, axis] of axes.entries()) {
    const { least, most } = drawn.get(axis) ?? { least: 1, most: Number.POSITIVE_INFINITY };
    sizes[axis] = Math.min(Math.max(wanted(place, axes.length), least, operator.least?.[axis] ?? 1), most);
  }
  // queries along n are all queries
  const tokens: readonly string[] = queryAxisOf(operator) === 'n' ? ['n', 'm'] : [];
  for (const axis of axes) {
    const group = tiedTo(operator, tokens.includes(axis) ? tokens : [axis]).filter((tied) => sizes[tied] !== undefined);
    const size = Math.max(...group.map((tied) => sizes[tied]));
    for (const tied of group) sizes[tied] = size;
  }
  const computed = withComputedAxes(operator, sizes as Dims, options);
  return Object.fromEntries(axes.map((axis) => [axis, computed[axis] >= 0 ? computed[axis] : 1])) as Dims;
}
