import type { NumericsVerdict } from './by-numerics.js';
import type { ExpectedOutputs } from './expected.js';

/** Verdict on a user's tensors, with parts that only some questions have. */
export interface Verdict extends Pick<ExpectedOutputs, 'case' | 'judged'>, Partial<Omit<NumericsVerdict, 'case' | 'judged'>> {}

/** Verdict on all judged passes: `undecided` if too many elements of a pass have no finite bound. */
export function verdictOf({ judged }: Pick<Verdict, 'judged'>): 'pass' | 'fail' | 'undecided' | 'not judged' {
  if (judged.length === 0) return 'not judged';
  const statuses = judged.map(({ judgement }) => judgement.status);
  return statuses.includes('fail') ? 'fail' : statuses.includes('undecided') ? 'undecided' : 'pass';
}

/** Number with commas between thousands. */
export const count = (x: number) => x.toLocaleString('en');

/** Verdict in lines of text. */
export function described(verdict: Verdict): string[] {
  const { case: c, judged, rows, keyHeads, numerics, narrower } = verdict;
  const sizes = Object.entries(c.dims).map(([axis, size]) => `${axis}=${size}`);
  const bounds = numerics === undefined ? '' : `, bounds of ${numerics}${narrower === undefined ? '' : `; within ${narrower} too`}`;
  const lines = [`${c.operator} ${c.dtype}, ${sizes.join(' ')}${bounds}`];
  if (rows && rows.judged < rows.of) lines.push(`  ${count(rows.judged)} of ${count(rows.of)} rows judged (--whole judges all)`);
  if (keyHeads && keyHeads.judged < keyHeads.of)
    lines.push(`  dk and dv of ${count(keyHeads.judged)} of ${count(keyHeads.of)} key heads judged`);
  for (const { pass, outputs: given, judgement, statistics } of judged) {
    for (const name of given) {
      const seen = statistics[name];
      if (seen)
        lines.push(
          `  ${name}: ${count(seen.elements)} elements, largest error ${seen.maxOverBound.toPrecision(3)} of the bound, ${count(seen.undecided)} undecided`,
        );
    }
    if (judgement.status === 'fail')
      lines.push(`  ${pass} pass is wrong: ${judgement.message}`, ...(judgement.hint ? [`  ${judgement.hint}`] : []));
    else if (judgement.status === 'undecided') lines.push(`  ${pass} pass is undecided: ${judgement.reason}`);
    else lines.push(`  ${pass} pass is right`);
  }
  return lines;
}
