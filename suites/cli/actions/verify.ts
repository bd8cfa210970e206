import { readResult } from '../../../reports/files/read-result.js';
import { operatorOf } from '../../../reports/result/result.js';
import { jsonText } from '../../../reports/text/plain-text.js';
import type { Result } from '../../../spec/types/documents.js';
import { loadSpec } from '../../documents/load-spec.js';
import { exitCodes } from '../../lib/exit-code.js';
import { verifyResult } from '../../verify/verify.js';
import { parseAdapterSources } from '../adapter-sources.js';
import { defaults } from '../defaults.js';
import { describeVerification } from '../text/verify.js';

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
