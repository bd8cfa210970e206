import { expect, it } from 'vitest';
import { mutants } from '../../../../adapters/controls/mutants/index.js';
import { adapterOf } from '../../../../adapters/controls/mutants/lib/adapter.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { InProcessJudge, InProcessSupervisor } from '../../../../suites/in-process.js';
import { mutantChecks } from '../../../../suites/power/mutant-checks.js';
import { propertyNamed } from '../../../../suites/properties/index.js';
import type { Property } from '../../../../suites/properties/property.js';
import { CaseRunner } from '../../../../suites/runner/run/case-runner.js';
import { runCheck } from '../../../../suites/runner/run/run-check.js';
import { library } from '../../properties/on-kernel.js';

/** Description of the weights of a scheme with a fault. */
async function weightsOf(id: string): Promise<string | undefined> {
  const adapter = adapterOf(mutants.find((mutant) => mutant.id === id) as (typeof mutants)[number]);
  const claims = Claims.of(library, resolveCapabilities(adapter.capabilities, adapter.id));
  const judge = new InProcessJudge();
  judge.register(adapter.id, adapter.capabilities);
  const supervisor = new InProcessSupervisor(claims, await adapter.open(), adapter.programs);
  const [check] = mutantChecks(adapter, claims, 10, { filter: ['softmax/causal/single-device/f32@ring'] });
  const runner = new CaseRunner(adapter.id, propertyNamed(check.property) as Property, claims, supervisor, judge);
  const { failure } = await runCheck(check, runner, {
    seed: 0,
    stop: () => undefined,
    onCases: () => {},
    failures: { write: async () => undefined },
  });
  return failure?.weights;
}

it.each([
  ['ring-merge-unweighted', /^query 1: key 0 of 2 has .* key 1 of 2 has .* their sum is right; as if the score of key \d of 2 was/],
  ['ring-buffers-never-swapped', /^query 1: key 0 of 2 has no weight, key 1 of 2 has [\d.]+ times its weight; their sum is right$/],
  ['ring-local-outputs-backward', /^in the backward pass, as dv shows, query 1: .*; as if the divisor lacked key 0 of 2$/],
])('the weights of ranks together are read of a scheme: %s', async (id, text) => {
  expect(await weightsOf(id)).toMatch(text);
});
