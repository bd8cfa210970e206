import type { Adapter } from '../../adapters/adapter.js';
import type { Kernel } from '../../adapters/kernel.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { createLibrary, type SpecDocument } from '../../spec/library.js';
import type { Profile } from '../../spec/types/documents.js';
import type { Property } from '../../suites/contract/property.js';
import { planChecks } from '../../suites/plan/plan.js';
import { profilesNamed } from '../../suites/plan/profile-checks.js';
import { properties, propertyNamed } from '../../suites/properties/index.js';
import { InProcessJudge, InProcessSupervisor } from '../../suites/runner/in-process.js';
import { CaseRunner } from '../../suites/runner/run/case-runner.js';
import { runCheck } from '../../suites/runner/run/run-check.js';

/** Verdict of a check: with its class where it failed, and in words why it was not asked or failed. */
export interface Told {
  readonly id: string;
  readonly verdict: string;
  readonly why?: string;
}

/** Calls of a case from which a property is judged in its own test alone. */
const MANY = 100;

/** Every property of one kernel but those of hundreds of calls, over each of these operators, as a profile of one's own. */
export function everyProperty(operators: readonly string[]): SpecDocument {
  const few = properties.filter(({ perScheme, needs }) => !perScheme && (needs.calls ?? 1) < MANY);
  const names = few.map(({ name }) => name);
  const value: Profile = {
    name: 'every',
    version: 1,
    title: 'Every property',
    operators: [...operators] as [string],
    properties: names as [string],
  };
  return { kind: 'profile', document: 'every.json', value };
}

/** Judges a kernel in this process by the profile `every` that is among the documents. */
export async function judgeOperators(
  { id, capabilities: claims }: Pick<Adapter, 'id' | 'capabilities'>,
  kernel: Kernel,
  documents: readonly SpecDocument[],
  options: { readonly runs: number; readonly filter?: readonly string[]; readonly seed?: number },
): Promise<Told[]> {
  const library = createLibrary(documents);
  const capabilities = resolveCapabilities(claims, id);
  const judge = new InProcessJudge(documents);
  judge.register(id, claims);
  const supervisor = new InProcessSupervisor(Claims.of(library, capabilities), kernel);
  const told: Told[] = [];
  for (const check of planChecks(
    profilesNamed(library, ['every']),
    { id, claims: Claims.of(library, capabilities) },
    { ...options, speed: 'slow' },
  )) {
    if (check.unsupported !== undefined) {
      told.push({ id: check.id, verdict: 'unsupported', why: check.unsupported });
      continue;
    }
    const runner = new CaseRunner(id, propertyNamed(check.property) as Property, Claims.of(library, capabilities), supervisor, judge);
    const result = await runCheck(check, runner, {
      seed: options.seed ?? 0,
      stop: () => undefined,
      onCases: () => {},
      failures: { write: async () => undefined },
    });
    const kind = 'class' in result && result.class ? `${result.verdict} ${result.class}` : result.verdict;
    const failed = 'failure' in result ? result.failure : undefined;
    const why = ('reason' in result && result.reason) || (failed && `${failed.message} ${JSON.stringify(failed.case)}`) || undefined;
    told.push({ id: check.id, verdict: kind, ...(why && { why }) });
  }
  return told;
}
