import { hashText } from '../../../dist/generators/lib/seeds.js';
import { caseArbitrary } from '../../../dist/generators/whole/case.js';
import { resolveCapabilities } from '../../../dist/spec/claims/capabilities.js';
import { Claims } from '../../../dist/spec/claims/claims.js';
import { createLibrary } from '../../../dist/spec/library.js';
import type { Property } from '../../../dist/suites/contract/property.js';
import { mutantChecks } from '../../../dist/suites/power/judge-mutant.js';
import { propertyNamed } from '../../../dist/suites/properties/index.js';
import { InProcessJudge, InProcessSupervisor } from '../../../dist/suites/runner/in-process.js';
import { CaseRunner } from '../../../dist/suites/runner/run/case-runner.js';
import { CaseStream } from '../../../dist/suites/runner/run/case-stream.js';
import type { Failed } from '../../../dist/suites/runner/run/outcome.js';
import { adapterOf, type Fault } from './faulty.js';

const HEAD_SIZE = 16;
const SEED = 0;

const library = createLibrary();

/** Verdict of this suite on a kernel. */
export interface SuiteVerdict {
  /** First failure, which ended the judging. */
  readonly failure?: { readonly check: string; readonly class?: string; readonly message: string };
  readonly checks: number;
  /** Number of cases with a verdict. */
  readonly cases: number;
}

/**
 * Judges a kernel with n keys by every check that its claims allow, as `run` does, up to the first failure. @param runs cases per check.
 * @throws {Error} if a failure is not one of the answer, as with a crash or a refused call, or if a check decides fewer than half of its
 * cases; both are faults of the suite.
 */
export async function judgeBySuite(n: number, fault: Fault, runs: number): Promise<SuiteVerdict> {
  const adapter = adapterOf(fault, n, HEAD_SIZE);
  const capabilities = resolveCapabilities(adapter.capabilities, adapter.id);
  const judge = new InProcessJudge();
  judge.register(adapter.id, adapter.capabilities);
  const claims = Claims.of(library, capabilities);
  const supervisor = new InProcessSupervisor(claims, await adapter.open());
  let [checks, cases] = [0, 0];
  for (const check of mutantChecks({ id: adapter.id }, claims, runs)) {
    const property = propertyNamed(check.property) as Property;
    const arbitrary = caseArbitrary(claims, { ...check, needs: property.needs });
    const stream = new CaseStream(arbitrary, hashText(SEED, check.id), property, claims);
    const { failed, decided } = await judgeCases(new CaseRunner(adapter.id, property, claims, supervisor, judge), stream, check.cases);
    checks++;
    cases += decided;
    if (failed && (failed.verdict !== 'fail' || failed.class === 'refused')) throw new Error(`${check.id}: ${failed.message}`);
    if (failed) return { failure: { check: check.id, class: failed.class, message: failed.message }, checks, cases };
    if (decided < check.cases / 2) throw new Error(`${check.id}: only ${decided} of ${check.cases} cases were decided`);
  }
  return { checks, cases };
}

/** Calls and judges one case after the other, up to the first that fails, because cases of many keys are large. */
async function judgeCases(runner: CaseRunner, stream: CaseStream, count: number): Promise<{ failed?: Failed; decided: number }> {
  let decided = 0;
  for (let index = 0; index < count; index++) {
    const drawn = stream.draw(index);
    if (!drawn) continue;
    const [outcome] = await runner.run([{ case: drawn.value.value, calls: drawn.calls }]);
    if (outcome.status === 'pass' || outcome.status === 'failed') decided++;
    if (outcome.status === 'failed') return { failed: outcome, decided };
  }
  return { decided };
}
