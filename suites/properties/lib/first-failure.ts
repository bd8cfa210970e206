import type { Judgement } from '../../contract/property.js';

/** Judges items up to the first failure; else undecided if any item is, else a pass. */
export function firstFailure<T>(items: Iterable<T>, judge: (item: T) => Judgement): Judgement {
  let undecided: Judgement | undefined;
  for (const item of items) {
    const judgement = judge(item);
    if (judgement.status === 'fail') return judgement;
    if (judgement.status === 'undecided') undecided ??= judgement;
  }
  return undecided ?? { status: 'pass' };
}
