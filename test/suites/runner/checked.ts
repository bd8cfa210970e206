import type { Adapter } from '../../../adapters/adapter.js';
import { onlineCapabilities } from '../../../adapters/controls/reference/capabilities.js';
import type { Kernel } from '../../../adapters/kernel.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import type { Capabilities, CheckResult } from '../../../spec/types/documents.js';
import type { Property } from '../../../suites/contract/property.js';
import { planChecks } from '../../../suites/plan/plan.js';
import { usualProfiles } from '../../../suites/plan/profile-checks.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import { InProcessJudge, InProcessSupervisor } from '../../../suites/runner/in-process.js';
import { CaseRunner } from '../../../suites/runner/run/case-runner.js';
import { runCheck } from '../../../suites/runner/run/run-check.js';
import type { KnownFailures } from '../../../suites/runner/search/known-failures.js';

const library = createLibrary();

/** A check of a kernel, as a run judges it. */
export async function checked(
  kernel: Kernel,
  id: string,
  claims: Partial<Capabilities> = {},
  seed = 0,
  judge = new InProcessJudge(),
  known?: KnownFailures,
  runs = 50,
): Promise<CheckResult> {
  const adapter: Pick<Adapter, 'id' | 'capabilities'> = {
    id: 'mine',
    capabilities: { ...onlineCapabilities, operators: ['softmax'], dtypes: ['f32'], ...claims },
  };
  const capabilities = resolveCapabilities(adapter.capabilities, adapter.id);
  judge.register(adapter.id, adapter.capabilities);
  const [check] = planChecks(
    usualProfiles(library),
    { id: adapter.id, claims: Claims.of(library, capabilities) },
    { runs, filter: [id], speed: 'slow' },
  );
  const supervisor = new InProcessSupervisor(Claims.of(library, capabilities), kernel);
  return runCheck(
    check,
    new CaseRunner(adapter.id, propertyNamed(check.property) as Property, Claims.of(library, capabilities), supervisor, judge),
    {
      seed,
      stop: () => undefined,
      onCases: () => {},
      failures: { write: async () => undefined },
      ...(known && { known }),
    },
  );
}

/** Returns the hint for a kernel that fails a check. */
export const checkedHint = async (...args: Parameters<typeof checked>) => {
  const { verdict, failure } = await checked(...args);
  if (verdict !== 'fail') throw new Error('this kernel must fail');
  return failure?.hint;
};
