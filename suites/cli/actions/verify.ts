import { readResult } from '../../../reports/files/read-result.js';
import { groupBy, operatorOf } from '../../../reports/result/result.js';
import { jsonText, plainLine, plural, printable } from '../../../reports/text/plain-text.js';
import type { Result } from '../../../spec/types/documents.js';
import { loadSpec } from '../../documents/load-spec.js';
import { exitCodes } from '../../lib/exit-code.js';
import { type Verification, type Verified, verifyResult } from '../../verify/verify.js';
import { parseAdapterSources } from '../adapter-sources.js';
import { defaults } from '../defaults.js';

const mostSpecs = 10;

/** Describes a verification for a terminal. */
function describeVerification(file: string, { suite, checks, adapters, seed }: Result, found: Verification): string {
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
    judged === 0 ? 'no check could be judged again' : `${of('agrees').length} of ${plural(judged, 'check')} that were judged again agree`,
  ];
  return `${lines.map(plainLine).join('\n')}\n`;
}

export interface VerifyFlags {
  readonly sample?: number;
  readonly runs?: number;
  readonly adapter?: string[];
  readonly timeout?: number;
  readonly python?: string;
  readonly spec?: string[];
  readonly json?: boolean;
}

/** Runs `attn-cts verify`. @returns the exit code. @throws {UsageError} @throws {DocumentError} */
export async function verifyAction(file: string, flags: VerifyFlags): Promise<number> {
  const sources = parseAdapterSources(flags.adapter);
  const result = await readResult(file);
  const { documents, library } = loadSpec(flags.spec, operatorsOf(result));
  const verification = await verifyResult(result, {
    document: file,
    sources,
    sample: flags.sample ?? 20,
    runs: flags.runs ?? 5,
    timeout: flags.timeout ?? defaults.timeout,
    startTimeout: defaults.startTimeout,
    documents,
    library,
    load: { python: flags.python },
  });
  process.stdout.write(flags.json ? jsonText(verification) : describeVerification(file, result, verification));
  if (verification.checks.some(({ outcome }) => outcome === 'disagrees')) return exitCodes.failed;
  return verification.checks.some(({ outcome }) => outcome === 'agrees') ? exitCodes.passed : exitCodes.inconclusive;
}

function operatorsOf({ checks }: Result): ReadonlySet<string> {
  const judged = checks.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  return new Set(judged.map(({ id }) => operatorOf(id)));
}
