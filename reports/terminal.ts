import pc from 'picocolors';
import type { CheckResult, Result } from '../spec/types/documents.js';
import { replayLine } from './replay-line.js';
import type { ReportContext, Reporter } from './reporter.js';
import { groupBy, isExpectedFailure, isFailure, isUnexpectedPass } from './result.js';
import { adapterSections, unavailableLines } from './terminal/adapters.js';
import { expectedLine, failureBlock } from './terminal/failure.js';
import { matrix } from './terminal/matrix.js';
import { warningLines } from './terminal/warnings.js';

/** For a reader at a terminal. Green and red mean pass and fail, and nothing else has a colour. */
export const terminal: Reporter = {
  name: 'terminal',
  title: 'a summary for a terminal',
  report(result, context) {
    const colors = pc.createColors(context.colors);
    const fresh = result.checks.filter((c) => isFailure(c) && !isExpectedFailure(c));
    const sections = [
      matrix(result, colors),
      section('Adapters', adapterSections(result)),
      section('Not on this machine', unavailableLines(result)),
      section('Expected failures', result.checks.filter(isExpectedFailure).map(expectedLine).join('\n')),
      section(
        'Expected to fail, but passed',
        result.checks
          .filter(isUnexpectedPass)
          .map((c) => `${c.adapter}::${c.id}`)
          .join('\n'),
      ),
      section('Failures', fresh.map((c) => failureBlock(c, context, colors)).join('\n\n')),
      section('Accuracy warnings', warningLines(result)),
      section(
        'No judgement',
        unjudged(
          result.checks.filter((c) => c.verdict === 'error' || c.verdict === 'not-run'),
          context,
        ),
      ),
      `${summary(result)}\n`,
    ];
    return sections.filter((s) => s !== '').join('\n');
  },
};

function section(title: string, body: string): string {
  return body === '' ? '' : `${title}\n${body.replace(/^(?=.)/gm, '  ')}\n`;
}

/** Checks by verdict, adapter and reason: a fault of ours, or a time limit, is said once. */
function unjudged(checks: readonly CheckResult[], context: ReportContext): string {
  return [...groupBy(checks, (c) => `${c.verdict} ${c.adapter}: ${c.class ? `${c.class}: ` : ''}${c.reason ?? 'no reason given'}`)]
    .map(([what, { length, 0: first }]) => {
      const replay = first.failure?.folder ? `\n  replay ${replayLine(first.adapter, first.failure.folder, context)}` : '';
      return `${what} (${length === 1 ? first.id : `${length} checks, the first ${first.id}`})${replay}`;
    })
    .join('\n');
}

function summary(result: Result): string {
  const count = (test: (c: CheckResult) => boolean) => result.checks.filter(test).length;
  const judged = count((c) => c.verdict === 'pass' || isFailure(c));
  const run = `attention-cts ${result.suite}, seed ${result.seed}, ${result.plan.runs} cases a check`;
  if (judged === 0) return `Nothing was judged (${run}).`;
  const expected = count(isExpectedFailure);
  const surprises = count(isUnexpectedPass);
  return [
    `${judged} checks judged: ${count((c) => c.verdict === 'pass')} pass`,
    `${count(isFailure) - expected} fail`,
    ...(expected > 0 ? [`${expected} fail as expected`] : []),
    ...(surprises > 0 ? [`${surprises} passed against expectation`] : []),
    `${count((c) => c.verdict === 'unsupported')} more unsupported (${run}${result.complete ? '' : '; the run is incomplete'})`,
  ].join(', ');
}
