import type { Flat } from '../lib/flat.js';
import { simplest, table } from './flat-table.js';

const axes = ['d', 'e', 'g', 'hk', 'b', 'n', 'm'] as const;

const tied: readonly (readonly (typeof axes)[number][])[] = [
  ['d', 'e'],
  ['n', 'm'],
];

/** Fields that shrink before the sizes, except packed documents and caches. */
const kinds = table
  .slice(
    0,
    table.findIndex(([name]) => name === 'production'),
  )
  .filter(([name]) => name !== 'packed' && name !== 'cache');
const plain: Flat = Object.fromEntries(kinds.map(([name]) => [name, simplest[name]]));

/**
 * First candidates for a production case: reduced to the usual limits; then all sizes 1 but one or
 * two. A fault of one or two sizes ends there in a cheap step.
 */
export function* withFewSizes(flat: Flat): Generator<Flat> {
  yield { ...flat, production: 0 };
  for (const kind of [plain, {}]) {
    for (const kept of choices()) {
      const others = axes.filter((axis) => !kept.includes(axis) && flat[axis] > 1);
      yield { ...flat, ...kind, ...Object.fromEntries(others.map((axis) => [axis, 1])) };
    }
  }
}

function* choices(): Generator<readonly string[]> {
  yield [];
  for (const axis of axes) yield [axis];
  yield* tied;
  for (let x = 0; x < axes.length; x++) for (let y = x + 1; y < axes.length; y++) yield [axes[x], axes[y]];
}
