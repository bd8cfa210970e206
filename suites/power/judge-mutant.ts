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

/** Cases of each check in the first rounds over all checks, so that a fault that one check finds soon does not wait for all cases of the others. */
const ROUNDS = [2, 10];
/** Cases of a check for a mutant that is equivalent to a right kernel: every one of every check is judged. */
const EQUIVALENT = 16;

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
    const runs = mutant.equivalent === undefined ? this.budget.runs : Math.min(this.budget.runs, EQUIVALENT);
    for (const { check, again, last } of this.inRounds(mutantChecks(adapter, claims, runs, this.budget))) {
      if (killers.has(check.property)) continue;
      const result = await this.check(
        check,
        new CaseRunner(adapter.id, propertyNamed(check.property) as Property, claims, supervisor, this.judge),
      );
      if (!kill) cases += result.cases - again;
      if (result.verdict === 'error' && last) error ??= { check: check.id, reason: result.reason ?? '' };
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
   * Yields the first cases of every check, then more of them, then every check as a whole; with `matrix`, every check as a whole only.
   * @returns each check with the number of its cases that are repeated, and whether it is the check as a whole.
   */
  private *inRounds(checks: readonly Check[]): Generator<{ check: Check; again: number; last: boolean }> {
    const rounds = this.budget.matrix ? [] : ROUNDS;
    for (const [round, most] of [...rounds, Infinity].entries()) {
      const before = round === 0 ? 0 : rounds[round - 1];
      for (const check of checks) {
        const cases = Math.min(check.cases, most);
        if (cases > before) yield { check: { ...check, cases }, again: before, last: cases === check.cases };
      }
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
