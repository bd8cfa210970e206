import { groupBy } from '../../../reports/result/result.js';
import { plainLine, plural, printable } from '../../../reports/text/plain-text.js';
import type { Result } from '../../../spec/types/documents.js';
import type { Verification, Verified } from '../../verify/verify.js';

const mostSpecs = 10;

/** Describes a verification for a terminal. */
export function describeVerification(file: string, { suite, checks, adapters, seed }: Result, found: Verification): string {
  const { specs, checks: verified } = printable(found);
  const of = (outcome: Verified['outcome']) => verified.filter((check) => check.outcome === outcome);
  const judged = verified.length - of('not judged').length;
  const lines = [
    `${file}: valid; attention-cts ${suite}, ${plural(checks.length, 'check')} of ${plural(adapters.length, 'adapter')}, seed ${seed}`,
    specs.length === 0
      ? 'judged by the spec versions of this suite'
      : `judged by other spec versions: ${specs
          .slice(0, mostSpecs)
          .map(({ document, then, now }) => `${document} ${then}, here ${now ?? 'none'}`)
          .join('; ')}${specs.length > mostSpecs ? `; and ${specs.length - mostSpecs} more` : ''}`,
    ...of('disagrees').map(
      ({ adapter, id, verdict, now }) =>
        `disagrees: ${adapter}::${id} is ${verdict} in the document and ${now?.verdict} here${now?.class ? ` (${now.class})` : ''}${now?.reason ? `: ${now.reason}` : ''}`,
    ),
    ...[...groupBy(of('not judged'), ({ adapter, reason }) => `not judged: ${adapter}: ${reason}`)].map(
      ([text, same]) => `${text} (${plural(same.length, 'check')})`,
    ),
    judged === 0 ? 'nothing could be judged again' : `${of('agrees').length} of ${plural(judged, 'check')} that were judged again agree`,
  ];
  return `${lines.map(plainLine).join('\n')}\n`;
}
