import type { Mask, Timing } from '../spec/types/documents.js';

type Timed = Pick<Timing, 'case' | 'pass'>;

/** Who is timed: an adapter, or a scheme with it inside. @param name of the adapter, where it has another than its id. */
export function candidateOf({ adapter, case: { parallel } }: Pick<Timing, 'adapter' | 'case'>, name = adapter): string {
  return parallel ? `${parallel.scheme} (${name})` : name;
}

/** What timings can be drawn together: all of a problem but its mask and its length. */
export function settingOf({ pass, case: { dtype, dims, parallel } }: Timed): string {
  const { b, hk, g, d } = dims;
  const ranks = parallel ? `, ${parallel.ranks} ranks by ${parallel.transport ?? 'the simulated transport'}` : '';
  return `${pass}, ${dtype}, batch ${b}, ${hk * g} query heads, ${hk} key heads of ${d}${ranks}`;
}

/** The name of a mask; of one that is put together, what it is put together by. */
export function maskName(mask: Mask): string {
  return 'name' in mask ? mask.name : `composed by ${Object.keys(mask)[0]}`;
}

/** What is the same in two documents where the same was timed: everything but who did it, and the values. */
export function problemKey({ pass, case: { values: _, ...rest } }: Timed): string {
  return JSON.stringify([pass, ...Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
