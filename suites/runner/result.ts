import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDocument } from '../../spec/documents.js';
import type { SpecLibrary } from '../../spec/library.js';
import type { CheckResult, Profile, ProfileTally, Result } from '../../spec/types/documents.js';
import type { Check } from '../plan.js';
import { pairsOf } from '../profile-checks.js';

/** What a check without cases came to. */
export function withoutCases(check: Check, verdict: 'unsupported' | 'unavailable' | 'not-run' | 'crash', reason: string): CheckResult {
  return { id: check.id, adapter: check.adapter, verdict, reason, cases: 0, undecided: 0, coverage: {}, milliseconds: 0 };
}

/** A check that one of our own faults ended. */
export function suiteError(check: Check, error: unknown): CheckResult {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    id: check.id,
    adapter: check.adapter,
    verdict: 'error',
    class: 'suite',
    reason,
    cases: 0,
    undecided: 0,
    coverage: {},
    milliseconds: 0,
  };
}

/** How each adapter stands in each profile. */
export function tallies(
  library: SpecLibrary,
  profiles: readonly Profile[],
  adapters: readonly string[],
  checks: readonly Check[],
  results: readonly CheckResult[],
): ProfileTally[] {
  return profiles.flatMap((profile) => {
    const pairs = pairsOf(library, profile);
    return adapters.map((adapter) => {
      const tally: ProfileTally = { name: `${profile.name}@${profile.version}`, adapter };
      checks.forEach((check, i) => {
        if (check.adapter !== adapter || !pairs.has(`${check.operator}/${check.property}`)) return;
        const { verdict } = results[i];
        tally[verdict] = (tally[verdict] ?? 0) + 1;
      });
      return tally;
    });
  });
}

/** Writes result.json aside and renames it: there is never half a document. @throws {DocumentError} where it breaks its own schema. */
export async function writeResult(out: string, result: Result): Promise<void> {
  checkDocument('result', result, 'result.json');
  await mkdir(out, { recursive: true });
  const path = join(out, 'result.json');
  await writeFile(`${path}.new`, `${JSON.stringify(result, null, 2)}\n`);
  await rename(`${path}.new`, path);
}
