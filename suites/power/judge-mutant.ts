import { adapterOf, type Mutant } from '../../adapters/controls/mutants/index.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import type { SpecLibrary } from '../../spec/library.js';
import type { CheckResult } from '../../spec/types/documents.js';
import { InProcessJudge, InProcessSupervisor } from '../in-process.js';
import type { Check } from '../plan/plan.js';
import { propertyNamed } from '../properties/index.js';
import type { Property } from '../properties/property.js';
import { CaseRunner } from '../runner/run/case-runner.js';
import { runCheck } from '../runner/run/run-check.js';
import { FormJudge } from './judge-form.js';
import { mutantChecks } from './mutant-checks.js';
import { type MutantResult, mutantResult, type PowerBudget } from './mutant-result.js';

export type { MutantResult, PowerBudget } from './mutant-result.js';

/** Number of cases of each check in a first round over all checks, so that a fault that one check finds at once does not wait long. */
const FIRST = 2;

/** Judges mutants one after the other. */
export class MutantJudge {
  private readonly judge = new InProcessJudge();
  private readonly forms: FormJudge;

  constructor(
    private readonly library: SpecLibrary,
    private readonly budget: PowerBudget,
  ) {
    this.forms = new FormJudge(library, budget, this.judge);
  }

  /** Runs a mutant's checks in order, up to the first that fails; with `matrix`, up to the first that fails of each property. */
  async run(mutant: Mutant): Promise<MutantResult> {
    if (mutant.fault.form) return this.forms.run(mutant);
    const started = performance.now();
    const adapter = adapterOf(mutant);
    const claims = Claims.of(this.library, resolveCapabilities(adapter.capabilities, adapter.id));
    this.judge.register(adapter.id, adapter.capabilities);
    const supervisor = new InProcessSupervisor(claims, await adapter.open(), adapter.programs);
    let cases = 0;
    let kill: MutantResult['kill'];
    let error: MutantResult['error'];
    const killers = new Set<string>();
    for (const { check, again } of this.inRounds(mutantChecks(adapter, claims, this.budget.runs, this.budget))) {
      if (killers.has(check.property)) continue;
      const result = await this.check(
        check,
        new CaseRunner(adapter.id, propertyNamed(check.property) as Property, claims, supervisor, this.judge),
      );
      if (!kill) cases += result.cases - again;
      if (result.verdict === 'error' && check.cases > FIRST) error ??= { check: check.id, reason: result.reason ?? '' };
      if (result.verdict !== 'fail' || !result.failure) continue;
      const { failure } = result;
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

  /**
   * Yields the first cases of every check, then every check as a whole; with `matrix`, every check as a whole only.
   * @returns each check with the number of its cases that are repeated.
   */
  private *inRounds(checks: readonly Check[]): Generator<{ check: Check; again: number }> {
    if (!this.budget.matrix) for (const check of checks) yield { check: { ...check, cases: Math.min(check.cases, FIRST) }, again: 0 };
    for (const check of checks) {
      if (this.budget.matrix) yield { check, again: 0 };
      else if (check.cases > FIRST) yield { check, again: FIRST };
    }
  }

  private check(check: Check, runner: CaseRunner): Promise<CheckResult> {
    return runCheck(check, runner, {
      seed: this.budget.seed,
      stop: () => undefined,
      onCases: () => {},
      failures: { write: async () => undefined },
    });
  }
}
