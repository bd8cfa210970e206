import { versionsOf } from '../../../spec/library.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { AdapterResult, CheckResult, PlanSummary, Profile, ProfileTally, Result } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import { version } from '../../lib/version.js';
import { pairsOf } from '../../plan/profile-checks.js';

/** Data of a finished run, from which its result document is made. */
export interface FinishedRun {
  readonly library: SpecLibrary;
  readonly profiles: readonly Profile[];
  readonly seed: number;
  readonly plan: PlanSummary;
  /** ISO 8601. */
  readonly started: string;
  readonly adapters: readonly AdapterResult[];
  readonly checks: readonly Check[];
  /** Result of each check, in the order of `checks`. */
  readonly results: readonly CheckResult[];
}

/** The result document of a run. */
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

/** Number of checks with each verdict, for each profile and adapter. */
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
