import { mutants } from '../../../adapters/controls/mutants/index.js';
import { adapterOf } from '../../../adapters/controls/mutants/lib/adapter.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { CheckResult } from '../../../spec/types/documents.js';
import type { Property } from '../../../suites/contract/property.js';
import { mutantChecks } from '../../../suites/power/judge-mutant.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import { InProcessJudge, InProcessSupervisor } from '../../../suites/runner/in-process.js';
import { CaseRunner } from '../../../suites/runner/run/case-runner.js';
import { runCheck } from '../../../suites/runner/run/run-check.js';
import { library } from '../properties/on-kernel.js';

/** Returns the failure of a scheme with a fault in a check; undefined if it passes. */
export async function schemeFailure(mutantId: string, checkId: string): Promise<CheckResult['failure']> {
  const adapter = adapterOf(mutants.find(({ id }) => id === mutantId) as (typeof mutants)[number]);
  const claims = Claims.of(library, resolveCapabilities(adapter.capabilities, adapter.id));
  const judge = new InProcessJudge();
  judge.register(adapter.id, adapter.capabilities);
  const supervisor = new InProcessSupervisor(claims, await adapter.open(), adapter.programs);
  const [check] = mutantChecks(adapter, claims, 10, { filter: [checkId] });
  const runner = new CaseRunner(adapter.id, propertyNamed(check.property) as Property, claims, supervisor, judge);
  const { failure } = await runCheck(check, runner, {
    seed: 0,
    stop: () => undefined,
    onCases: () => {},
    failures: { write: async () => undefined },
  });
  return failure;
}
