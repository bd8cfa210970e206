import pc from 'picocolors';
import type { CheckResult } from '../../spec/types/documents.js';
import type { ReportContext, Reporter } from '../reporter.js';
import { commonCauses, hintedOf } from '../result/causes.js';
import { huntLines } from '../result/hunts.js';
import { isExpectedFailure, isUnexpectedPass, outcomeOf } from '../result/result.js';
import { summarize } from '../result/summarize.js';
import { undecidedLines } from '../result/undecided.js';
import { groupUnjudged } from '../result/unjudged.js';
import { unseenRanks } from '../result/unseen-ranks.js';
import { printable } from '../text/plain-text.js';
import { fileOf, replayLine } from '../text/replay-line.js';
import { adapterSections, unavailableLines } from './adapters.js';
import { expectedLine, failureBlock } from './failure.js';
import { matrix } from './matrix.js';
import { warningLines } from './warnings.js';

/** Reporter for a terminal. Green and red mean pass and fail, and nothing else has a colour. */
export const terminal: Reporter = {
  name: 'terminal',
  title: 'a summary for a terminal',
  report(given, context) {
    const result = printable(given);
    const colors = pc.createColors(context.colors);
    const fresh = result.checks.filter((c) => outcomeOf(c) === 'failure');
    const sections = [
      matrix(result, colors),
      section('Adapters', adapterSections(result)),
      section('Not available on this machine', unavailableLines(result)),
      section('Expected failures', result.checks.filter(isExpectedFailure).map(expectedLine).join('\n')),
      section(
        'Expected to fail, but passed',
        result.checks
          .filter(isUnexpectedPass)
          .map((c) => `${c.adapter}::${c.id}`)
          .join('\n'),
      ),
      section('Failures', [...fresh.map((c) => failureBlock(c, context, colors)), ...pictures(fresh, context)].join('\n\n')),
      section('Likely causes', commonCauses(fresh.map(hintedOf)).join('\n')),
      section('Accuracy warnings', warningLines(result).join('\n')),
      section('Ranks whose output was not judged', unseenRanks(result).join('\n')),
      section('Undecided elements of checks that passed', undecidedLines(result.checks).join('\n')),
      section('Hunt', huntLines(result.checks).join('\n')),
      section('Inconclusive', unjudged(result.checks, context)),
      `${summarize(result)}\n`,
    ];
    return sections.filter((s) => s !== '').join('\n');
  },
};

function section(title: string, body: string): string {
  return body === '' ? '' : `${title}\n${body.replace(/^(?=.)/gm, '  ')}\n`;
}

/** Command that shows the failures with pictures, if the run wrote failures to a folder. */
function pictures(failures: readonly CheckResult[], context: ReportContext): string[] {
  return failures.some((c) => c.failure?.folder)
    ? [`for a report with pictures: npx attn-cts report ${fileOf(context, 'result.json')}`]
    : [];
}

/** Checks without a judgement; those with the same cause, such as a fault of the suite or a time limit, share an entry. */
function unjudged(checks: readonly CheckResult[], context: ReportContext): string {
  return groupUnjudged(checks)
    .map(({ what, checks: [first], where }) => {
      const { adapter, id, failure } = first;
      const replay = failure?.folder ? `\n  replay ${replayLine(adapter, failure.folder, context, { id, case: failure.case })}` : '';
      return `${what} (${where})${replay}`;
    })
    .join('\n');
}
