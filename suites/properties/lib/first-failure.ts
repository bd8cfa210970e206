import type { Judgement } from '../../contract/property.js';

/** Judges items in turn, up to the first that fails; else it is undecided where one of them is, else a pass. */
export function firstFailure<T>(items: Iterable<T>, judge: (item: T) => Judgement): Judgement {
  let undecided: Judgement | undefined;
  for (const item of items) {
    const judgement = judge(item);
    if (judgement.status === 'fail') return judgement;
    if (judgement.status === 'undecided') undecided ??= judgement;
  }
  return undecided ?? { status: 'pass' };
}
