import { describeCase } from '../../../reports/text/describe-case.js';
import type { MutantResult } from '../../power/judge-mutant.js';
import type { PowerSummary } from '../../power/summary.js';

/** Describes the result of each mutant, by class, and the summary. */
export function describePower(results: readonly MutantResult[], summary: PowerSummary, seed: number, seconds: number): string {
  const lines: string[] = [];
  let lastClass: string | undefined;
  for (const result of results) {
    if (result.class !== lastClass) lines.push(...(lines.length > 0 ? [''] : []), result.class);
    lastClass = result.class;
    lines.push(...describeMutant(result));
  }
  return `${[...lines, '', ...describeSummary(summary, seed, seconds)].join('\n')}\n`;
}

function describeMutant({ id, title, equivalent, cases, seconds, kill, error }: MutantResult): string[] {
  const spent = `${count(cases, 'case')}, ${seconds.toFixed(1)} s`;
  const lines = [`  ${verdictOf(kill !== undefined, equivalent)}  ${id}: ${title}`];
  if (kill) lines.push(`    by ${kill.check}${kill.class ? ` [${kill.class}]` : ''} after ${spent}`, `    ${describeCase(kill.case)}`);
  else lines.push(`    by no check after ${spent}${equivalent === undefined ? '' : `: ${equivalent}`}`);
  if (error) lines.push(`    fault of the suite in ${error.check}: ${error.reason}`);
  return lines;
}

function verdictOf(killed: boolean, equivalent: string | undefined): string {
  if (equivalent !== undefined) return killed ? 'KILLED, THOUGH DECLARED EQUIVALENT' : 'equivalent';
  return killed ? 'killed' : 'SURVIVED';
}

function describeSummary(
  { total, killed, medianCases, survivors, misdeclared, errors }: PowerSummary,
  seed: number,
  seconds: number,
): string[] {
  const list = (results: readonly MutantResult[]) => results.map((r) => r.id).join(', ');
  return [
    `${killed}/${total} killed; median ${count(medianCases, 'case')} to the first failure; seed ${seed}; ${Math.round(seconds)} s`,
    ...(survivors.length > 0 ? [`survived: ${list(survivors)}`] : []),
    ...(misdeclared.length > 0 ? [`declared equivalent, yet killed: ${list(misdeclared)}`] : []),
    ...(errors.length > 0 ? [`without a verdict in some check, by a fault of the suite: ${list(errors)}`] : []),
  ];
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
