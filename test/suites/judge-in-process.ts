import type { Adapter, Kernel } from '../../adapters/adapter.js';
import type { FullCapabilities } from '../../adapters/capabilities.js';
import type { SpecLibrary } from '../../spec/library.js';
import { InProcessJudge, InProcessSlot } from '../../suites/in-process.js';
import { planChecks } from '../../suites/plan.js';
import { profilesNamed } from '../../suites/profile-checks.js';
import { propertyNamed } from '../../suites/properties/index.js';
import type { Property } from '../../suites/properties/property.js';
import { CaseRunner } from '../../suites/runner/case-runner.js';
import { runCheck } from '../../suites/runner/check-runner.js';

/** The verdict, or of a failure the class, of each f32 check of the parallel profile, by property/mask. */
export async function judgeInProcess(
  library: SpecLibrary,
  adapter: Pick<Adapter, 'id' | 'capabilities'>,
  capabilities: FullCapabilities,
  kernel: Kernel,
  runs: number,
  filter: readonly string[] = [],
): Promise<Record<string, string>> {
  const judge = new InProcessJudge();
  judge.register(adapter.id, adapter.capabilities);
  const slot = new InProcessSlot(library, capabilities, kernel);
  const verdicts: Record<string, string> = {};
  for (const check of planChecks(library, profilesNamed(library, ['parallel']), { id: adapter.id, capabilities }, { runs, filter })) {
    if (check.dtype !== 'f32') continue;
    const runner = new CaseRunner(adapter.id, propertyNamed(check.property) as Property, capabilities, slot, judge);
    const result = check.unsupported
      ? { verdict: 'unsupported' }
      : await runCheck(check, runner, {
          library,
          seed: 0,
          stop: () => undefined,
          onCases: () => {},
          failures: { write: async () => undefined },
        });
    verdicts[`${check.property}/${check.mask}`] = ('class' in result && result.class) || result.verdict;
  }
  return verdicts;
}
