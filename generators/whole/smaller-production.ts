import type { Flat } from '../lib/flat.js';
import { simplest, table } from './flat-table.js';

/** Sizes that code of a kernel may go by. */
const axes = ['d', 'e', 'g', 'hk', 'b', 'n', 'm'] as const;

/** Sizes that are one where a mask or the check ties them. */
const tied: readonly (readonly (typeof axes)[number][])[] = [
  ['d', 'e'],
  ['n', 'm'],
];

/** Fields of a case other than its sizes and where its tokens are kept. */
const kinds = table
  .slice(
    0,
    table.findIndex(([name]) => name === 'production'),
  )
  .filter(([name]) => name !== 'packed' && name !== 'cache');
const plain: Flat = Object.fromEntries(kinds.map(([name]) => [name, simplest[name]]));

/**
 * Yields first candidates of a production case: cut to the usual cost limit; then with one or two
 * of its sizes and all others 1, plain and as it is. A fault of a size, or of a pair, ends there in
 * one cheap step.
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

/** Subsets of sizes: empty, each, pairs. */
function* choices(): Generator<readonly string[]> {
  yield [];
  for (const axis of axes) yield [axis];
  yield* tied;
  for (let x = 0; x < axes.length; x++) for (let y = x + 1; y < axes.length; y++) yield [axes[x], axes[y]];
}
