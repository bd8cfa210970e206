import { versionsOf } from '../../../spec/library.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { AdapterResult, CheckResult, PlanSummary, Profile, ProfileTally, Result } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import { version } from '../../lib/version.js';
import { pairsOf } from '../../plan/profile-checks.js';

/** Data of a finished run. */
export interface FinishedRun {
  readonly library: SpecLibrary;
  readonly profiles: readonly Profile[];
  readonly seed: number;
  readonly plan: PlanSummary;
  readonly started: string;
  readonly adapters: readonly AdapterResult[];
  readonly checks: readonly Check[];
  /** Results in the order of `checks`. */
  readonly results: readonly CheckResult[];
}

/** Makes the result document. */
export function resultDocument(run: FinishedRun): Result {
  return {
    format: 1,
    suite: version,
    spec: versionsOf(run.library),
    seed: run.seed,
    plan: run.plan,
    started: run.started,
    adapters: [...run.adapters],
    checks: [...run.results],
    profiles: tallies(run),
    complete: true,
  };
}

function tallies({ library, profiles, adapters, checks, results }: FinishedRun): ProfileTally[] {
  return profiles.flatMap((profile) => {
    const pairs = pairsOf(library, profile);
    return adapters.map(({ id }) => {
      const tally: ProfileTally = { name: `${profile.name}@${profile.version}`, adapter: id };
      checks.forEach((check, i) => {
        if (check.adapter !== id || !pairs.has(`${check.operator}/${check.property}`)) return;
        const { verdict } = results[i];
        tally[verdict] = (tally[verdict] ?? 0) + 1;
      });
      return tally;
    });
  });
}
