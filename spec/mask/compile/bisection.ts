import type { Frame } from './frame.js';
import { oneRun } from './run-list.js';

type Value = () => number;

/**
 * Keys with `low` ⋛ `high` by bisection, if low − high never falls.
 * @param prepare once per row.
 */
export function byBisection(
  relation: string,
  low: Value,
  high: Value,
  prepare: () => void,
  frame: Frame,
  n: number,
): (out: Int32Array) => number {
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
    // a NaN side holds for no key
    if (Number.isNaN(low()) || Number.isNaN(high())) return 0;
    return oneRun(out, begin ? first(begin) : 0, end ? first(end) : n, n);
  };
}
