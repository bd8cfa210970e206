import type { Adapter } from '../../adapters/adapter.js';
import type { Kernel } from '../../adapters/kernel.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Property } from '../../suites/contract/property.js';
import { planChecks } from '../../suites/plan/plan.js';
import { profilesNamed } from '../../suites/plan/profile-checks.js';
import { propertyNamed } from '../../suites/properties/index.js';
import { InProcessJudge, InProcessSupervisor } from '../../suites/runner/in-process.js';
import { CaseRunner } from '../../suites/runner/run/case-runner.js';
import { runCheck } from '../../suites/runner/run/run-check.js';

/** The verdict, or of a failure the class, of each f32 check of the parallel profile, by property/mask. */
export async function judgeInProcess(
  library: SpecLibrary,
  adapter: Pick<Adapter, 'id' | 'capabilities'>,
  capabilities: FullCapabilities,
  kernel: Kernel,
  runs: number,
  filter: readonly string[] = [],
): Promise<Record<string, string>> {
  const verdicts: Record<string, string> = {};
  for await (const { property, mask, verdict } of judgeChecks(library, adapter, capabilities, kernel, { runs, filter }))
    verdicts[`${property}/${mask}`] = verdict;
  return verdicts;
}

export interface CheckVerdict {
  readonly id: string;
  readonly property: string;
  readonly mask: string;
  /** Class of a failure. */
  readonly verdict: string;
  readonly message?: string;
  readonly case?: object;
  readonly coverage?: Readonly<Record<string, number>>;
}

/** Judges the f32 checks of the profiles, one after the other, in this thread. */
export async function* judgeChecks(
  library: SpecLibrary,
  adapter: Pick<Adapter, 'id' | 'capabilities'>,
  capabilities: FullCapabilities,
  kernel: Kernel,
  options: { runs: number; filter?: readonly string[]; profiles?: readonly string[]; seed?: number },
): AsyncGenerator<CheckVerdict> {
  const { runs, filter = [], profiles = ['parallel'], seed = 0 } = options;
  const judge = new InProcessJudge();
  judge.register(adapter.id, adapter.capabilities);
  const supervisor = new InProcessSupervisor(Claims.of(library, capabilities), kernel);
  for (const check of planChecks(
    profilesNamed(library, profiles),
    { id: adapter.id, claims: Claims.of(library, capabilities) },
    { runs, filter, speed: 'slow' },
  )) {
    if (check.dtype !== 'f32') continue;
    const { id, property, mask } = check;
    const runner = new CaseRunner(adapter.id, propertyNamed(property) as Property, Claims.of(library, capabilities), supervisor, judge);
    if (check.unsupported) {
      yield { id, property, mask, verdict: 'unsupported' };
      continue;
    }
    const result = await runCheck(check, runner, {
      seed,
      stop: () => undefined,
      onCases: () => {},
      failures: { write: async () => undefined },
    });
    yield {
      id,
      property,
      mask,
      verdict: ('class' in result && result.class) || result.verdict,
      coverage: result.coverage,
      ...(result.failure && { message: result.failure.message, case: result.failure.case }),
    };
  }
}
