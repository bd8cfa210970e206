import { notAsked } from './verdict-letters.js';

/** Returns checks that only one implementation fails, with a letter per verdict and check. */
export function failsAlone(verdicts: readonly string[]): number[][] {
  const alone: number[][] = verdicts.map(() => []);
  const checks = Math.max(0, ...verdicts.map(({ length }) => length));
  for (let check = 0; check < checks; check++) {
    let passing = 0;
    const failing: number[] = [];
    for (const [i, letters] of verdicts.entries()) {
      const letter = (letters[check] ?? notAsked).toLowerCase();
      if (letter === 'p') passing++;
      else if ('fct'.includes(letter)) failing.push(i);
    }
    if (failing.length === 1 && passing > 0) alone[failing[0]].push(check);
  }
  return alone;
}
