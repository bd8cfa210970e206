import type { Frame } from './frame.js';
import { oneRun } from './run-list.js';

type Value = () => number;

/**
 * The keys of a row for which `low` stands in the relation to `high`, where low − high never falls as j grows: one run, whose ends are bisected.
 * @param prepare what to do once a row, before.
 */
export function byBisection(
  relation: string,
  low: Value,
  high: Value,
  prepare: () => void,
  frame: Frame,
  n: number,
): (out: Int32Array) => number {
  /** The first key for which it holds, given that it then stays so; n where there is none. */
  const first = (holds: () => boolean): number => {
    let from = 0;
    let to = n;
    while (from < to) {
      const middle = (from + to) >>> 1;
      frame.j = middle;
      if (holds()) to = middle;
      else from = middle + 1;
    }
    return from;
  };
  const reaches = () => low() >= high();
  const exceeds = () => low() > high();
  const begin = relation === '>' ? exceeds : relation === '<' || relation === '<=' ? undefined : reaches;
  const end = relation === '<' ? reaches : relation === '>' || relation === '>=' ? undefined : exceeds;
  return (out) => {
    prepare();
    frame.j = 0;
    // a side that is no number is none for the whole row: nothing holds
    if (Number.isNaN(low()) || Number.isNaN(high())) return 0;
    return oneRun(out, begin ? first(begin) : 0, end ? first(end) : n, n);
  };
}
