import type { Adapter } from '../../adapters/adapter.js';
import { adapterOf } from '../../adapters/controls/mutants/lib/adapter.js';
import type { Mutant } from '../../adapters/controls/mutants/lib/mutant.js';
import { drawsEverything } from '../../generators/lib/needs.js';
import type { Claims } from '../../spec/claims/claims.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { CheckResult, Speed } from '../../spec/types/documents.js';
import type { Check } from '../contract/check.js';
import type { Property } from '../contract/property.js';
import { planChecks } from '../plan/plan.js';
import { profilesNamed, usualProfiles } from '../plan/profile-checks.js';
import { propertyNamed } from '../properties/index.js';
import { InProcessJudge, InProcessSupervisor } from '../runner/in-process.js';
import { CaseRunner } from '../runner/run/case-runner.js';
import { runCheck } from '../runner/run/run-check.js';
import { FormJudge } from './judge-form.js';
import { type MutantResult, mutantResult, type PowerBudget } from './mutant-result.js';
import { SharedClaims } from './shared-claims.js';

/**
 * Checks of an adapter's claims, broadest first and long last; schemes only for one with schemes.
 */
export function mutantChecks(
  { id, programs }: Pick<Adapter, 'id' | 'programs'>,
  claims: Claims,
  runs: number,
  { filter, speed, profile }: { readonly filter?: readonly string[]; readonly speed?: Speed; readonly profile?: string } = {},
): Check[] {
  const { library } = claims;
  const named = profile ?? (programs ? 'parallel' : undefined);
  const profiles = named ? profilesNamed(library, [named]) : usualProfiles(library);
  const checks = planChecks(profiles, { id, claims }, { runs, filter, speed, schemes: programs?.map(({ name }) => name) });
  return checks.filter((check) => check.unsupported === undefined).sort((a, b) => breadth(a) - breadth(b));
}

/** True for long sequences, which take a second or a minute per check. */
function isLong({ property }: Check): boolean {
  return propertyNamed(property)?.needs.targeted === true;
}

function breadth(check: Check): number {
  const { name, needs } = propertyNamed(check.property) as Property;
  if (isLong(check)) return 6;
  // it shows deviations and hardly any other fault
  if (name === 'dialect') return 5;
  if (needs.history) return 2;
  if (drawsEverything({ ...check, needs })) return check.feature === 'all' && !needs.gradients ? 0 : 1;
  return check.feature === undefined ? 4 : 3;
}

export type { MutantResult, PowerBudget } from './mutant-result.js';

/** Cases per check in the first rounds, so that quick kills do not wait for other checks. */
const ROUNDS = [2, 10];
/** Cases per check for an equivalent mutant, which passes all of them. */
const EQUIVALENT = 8;

interface Round {
  readonly check: Check;
  readonly from: number;
  readonly last: boolean;
}

/** Judges mutants in turn. */
export class MutantJudge {
  private readonly judge = new InProcessJudge();
  private readonly claimed: SharedClaims;
  private readonly planned = new WeakMap<Claims, Map<string, readonly Check[]>>();
  private readonly forms: FormJudge;

  constructor(
    library: SpecLibrary,
    private readonly budget: PowerBudget,
  ) {
    this.claimed = new SharedClaims(library);
    this.forms = new FormJudge(library, budget, this.judge, this.claimed);
  }

  /** Runs checks up to the first failure; with `matrix`, up to the first per property. */
  async run(mutant: Mutant): Promise<MutantResult> {
    if (mutant.fault.form) return this.forms.run(mutant);
    const started = performance.now();
    const adapter = adapterOf(mutant);
    const claims = this.claimed.of(adapter);
    this.judge.registerClaims(adapter.id, claims);
    const supervisor = new InProcessSupervisor(claims, await adapter.open(), adapter.programs);
    let cases = 0;
    let kill: MutantResult['kill'];
    let error: MutantResult['error'];
    const killers = new Set<string>();
    const runs = mutant.equivalent === undefined ? this.budget.runs : Math.min(this.budget.runs, EQUIVALENT);
    for (const { check, from, last } of this.shortThenLong(this.checksOf(mutant, adapter, claims, runs))) {
      if (killers.has(check.property)) continue;
      const runner = new CaseRunner(adapter.id, propertyNamed(check.property) as Property, claims, supervisor, this.judge);
      const result = await this.check(check, from, runner);
      if (!kill) cases += result.cases;
      if (result.verdict === 'error' && last) error ??= { check: check.id, reason: result.reason ?? '' };
      if (result.verdict !== 'fail' || !result.failure) continue;
      const { failure } = result;
      if (failure.unexplained !== undefined) error ??= { check: check.id, reason: `not explained: ${failure.unexplained}` };
      kill ??= { check: check.id, class: result.class, message: failure.message, hint: failure.hint, case: failure.case };
      killers.add(check.property);
      if (!this.budget.matrix) break;
    }
    return mutantResult(mutant, started, {
      cases,
      ...(kill && { kill }),
      ...(this.budget.matrix && { killers: [...killers] }),
      ...(error && { error }),
    });
  }

  private checksOf({ profile, equivalent }: Mutant, adapter: Adapter, claims: Claims, runs: number): readonly Check[] {
    const ownSchemes = adapter.programs?.map(({ name }) => name);
    // the reference tries every key of a block
    const isSlow = profile !== undefined || adapter.programs !== undefined;
    const known = this.planned.get(claims) ?? new Map<string, readonly Check[]>();
    this.planned.set(claims, known);
    const key = JSON.stringify([runs, ownSchemes, profile]);
    const checks =
      known.get(key) ??
      mutantChecks(adapter, claims, runs, { ...(isSlow && { speed: 'slow' }), ...(profile !== undefined && { profile }), ...this.budget });
    known.set(key, checks);
    // an equivalent mutant runs every check: long sequences would take an hour
    return equivalent === undefined ? checks : checks.filter((check) => !isLong(check));
  }

  private *shortThenLong(checks: readonly Check[]): Generator<Round> {
    yield* this.inRounds(checks.filter((check) => !isLong(check)));
    yield* this.inRounds(checks.filter(isLong));
  }

  private *inRounds(checks: readonly Check[]): Generator<Round> {
    const rounds = this.budget.matrix ? [] : ROUNDS;
    for (const [round, most] of [...rounds, Infinity].entries()) {
      const before = round === 0 ? 0 : rounds[round - 1];
      for (const check of checks) {
        const cases = Math.min(check.cases, most);
        if (cases > before) yield { check: { ...check, cases }, from: before, last: cases === check.cases };
      }
    }
  }

  private check(check: Check, from: number, runner: CaseRunner): Promise<CheckResult> {
    return runCheck(check, runner, {
      seed: this.budget.seed,
      from,
      stop: () => undefined,
      onCases: () => {},
      failures: { write: async () => undefined },
    });
  }
}
