import type { Verdict } from '../../../spec/types/documents.js';

/** Short signs of the verdicts, which do not rely on colours. */
export const verdictSigns: Readonly<Record<Verdict, string>> = {
  pass: '✓',
  fail: '✗',
  crash: '✗ crash',
  timeout: '✗ time',
  unsupported: '–',
  unavailable: '∅',
  'not-run': '…',
  error: '?',
};

export const verdicts = Object.keys(verdictSigns) as Verdict[];

/** Legend of the signs, shown below tables. */
export const legend =
  '✓ pass · ✗ fail, crash or timeout: failures / judged checks · (✗) all failures are expected · – unsupported: not claimed, so never called · ? inconclusive: error or not run';

export interface Tally {
  pass: number;
  fail: number;
  expected: number;
  unsupported: number;
  /** Number of checks with the verdict error, not-run or unavailable. */
  unjudged: number;
}

export function emptyTally(): Tally {
  return { pass: 0, fail: 0, expected: 0, unsupported: 0, unjudged: 0 };
}

export function count(tally: Tally, verdict: Verdict, expected: boolean, times = 1): void {
  if (verdict === 'pass') tally.pass += times;
  else if (verdict === 'fail' || verdict === 'crash' || verdict === 'timeout') {
    tally.fail += times;
    if (expected) tally.expected += times;
  } else if (verdict === 'unsupported') tally.unsupported += times;
  else tally.unjudged += times;
}

/** Formats a tally in signs and words, with a verdict for its colour; undefined if it is empty. */
export function tallySigns(t: Tally): { text: string; tone: string; words: string } | undefined {
  const judged = t.pass + t.fail;
  if (judged + t.unsupported + t.unjudged === 0) return undefined;
  const failed = t.fail === t.expected ? `(✗) ${t.fail}/${judged}` : `✗ ${t.fail}/${judged}`;
  const parts = [
    ...(t.fail > 0 ? [failed] : t.pass > 0 ? [`✓ ${t.pass}`] : []),
    ...(t.unjudged > 0 ? [`? ${t.unjudged}`] : []),
    ...(t.unsupported > 0 ? [judged + t.unjudged === 0 ? '–' : `–${t.unsupported}`] : []),
  ];
  const words = [
    `${t.pass} pass`,
    `${t.fail} fail${t.expected > 0 ? `, ${t.expected} of them as expected` : ''}`,
    `${t.unsupported} unsupported`,
    ...(t.unjudged > 0 ? [`${t.unjudged} not judged`] : []),
  ];
  const tone = t.fail > 0 ? 'fail' : t.unjudged > 0 ? 'error' : t.pass > 0 ? 'pass' : 'unsupported';
  return { text: parts.join(' · '), tone, words: words.join(', ') };
}
