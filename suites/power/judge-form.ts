import { adapterOf } from '../../adapters/controls/mutants/lib/adapter.js';
import type { FaultyForm, Mutant } from '../../adapters/controls/mutants/lib/mutant.js';
import { programKernel } from '../../adapters/controls/second-form/program-kernel.js';
import { hashText } from '../../generators/lib/seeds.js';
import { Undrawable } from '../../generators/lib/undrawable.js';
import { caseArbitrary } from '../../generators/whole/case.js';
import type { Claims } from '../../spec/claims/claims.js';
import { listedMasks } from '../../spec/operator/facts.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import type { Check } from '../contract/check.js';
import type { Property } from '../contract/property.js';
import { compareWith } from '../documents/second-form.js';
import { planChecks } from '../plan/plan.js';
import { usualProfiles } from '../plan/profile-checks.js';
import { propertyNamed } from '../properties/index.js';
import { type InProcessJudge, InProcessSupervisor } from '../runner/in-process.js';
import { CaseRunner } from '../runner/run/case-runner.js';
import { CaseStream } from '../runner/run/case-stream.js';
import type { Failed } from '../runner/run/outcome.js';
import { type MutantResult, mutantResult, type PowerBudget } from './mutant-result.js';
import type { SharedClaims } from './shared-claims.js';

/** Multiply-adds of a case: small, since oracle and kernel are interpreted. */
const WORK = 4000;
/** Cases of a check in the first round over all checks, and in all. */
const FIRST = 2;
const MOST = 16;
/** Cases on which a mutant that survives is compared with the operator. */
const COMPARED = 200;

/** Why a mutant that survives is equivalent. */
const same = `its outputs and gradients are those of the document on ${COMPARED} drawn cases, within bounds of float64`;

/** Findings of judging cases. */
interface Found {
  readonly cases: number;
  /** Failure that kills the mutant. */
  readonly kill?: { readonly check: Check; readonly failed: Failed; readonly case: Case };
  readonly error?: MutantResult['error'];
}

/**
 * Judges mutants of the programs of documents by what the usual profiles ask of outputs and gradients, on a few small cases of each check, without shrinking. A case on which the
 * program without the fault fails too kills nothing. A mutant that survives, and agrees with the operator, is shown equivalent.
 */
export class FormJudge {
  private readonly checks = new Map<string, readonly Check[]>();

  constructor(
    private readonly library: SpecLibrary,
    private readonly budget: PowerBudget,
    private readonly judge: InProcessJudge,
    private readonly claimed: SharedClaims,
  ) {}

  async run(mutant: Mutant): Promise<MutantResult> {
    const started = performance.now();
    const form = mutant.fault.form as FaultyForm;
    const { cases, kill, error } = await this.search(mutant, form);
    const equivalent = kill ? undefined : this.equivalence(form);
    return mutantResult({ ...mutant, equivalent }, started, {
      cases,
      ...(kill && { kill: { check: kill.check.id, class: kill.failed.class, message: kill.failed.message, case: kill.case } }),
      ...(this.budget.matrix && { killers: kill ? [kill.check.property] : [] }),
      ...(error && { error }),
    });
  }

  /** Judges the first cases of every check, then the others, up to the first that kills. */
  private async search(mutant: Mutant, form: FaultyForm): Promise<Found> {
    const adapter = adapterOf(mutant);
    const claims = this.claimed.of(adapter);
    this.judge.registerClaims(adapter.id, claims);
    const kernels = [await adapter.open(), programKernel([form.right])].map((kernel) => new InProcessSupervisor(claims, kernel));
    const most = Math.min(this.budget.runs, MOST);
    const total: { cases: number; error?: MutantResult['error'] } = { cases: 0 };
    for (const [from, to] of most > FIRST
      ? [
          [0, FIRST],
          [FIRST, most],
        ]
      : [[0, most]]) {
      for (const check of this.checksOf(form, claims)) {
        const property = propertyNamed(check.property) as Property;
        const [mutated, right] = kernels.map((kernel) => new CaseRunner(adapter.id, property, claims, kernel, this.judge));
        const { cases, kill, error } = await this.judgeCases(check, [from, to], mutated, right);
        total.cases += cases;
        total.error ??= error;
        if (kill) return { ...total, kill };
      }
    }
    return total;
  }

  /** Judges cases of a check, up to the first that kills. */
  private async judgeCases(check: Check, [from, to]: readonly number[], mutated: CaseRunner, right: CaseRunner): Promise<Found> {
    let cases = 0;
    let error: Found['error'];
    for (const { value, calls } of this.draw(check, from, to, mutated)) {
      const called = [{ case: value.value, calls }];
      cases++;
      const [outcome] = await mutated.run(called);
      if (outcome.status !== 'failed') continue;
      if (outcome.verdict === 'error') error ??= { check: check.id, reason: outcome.message };
      else if ((await right.run(called))[0].status === 'pass') return { cases, kill: { check, failed: outcome, case: value.value } };
    }
    return { cases, ...(error && { error }) };
  }

  private *draw({ id, request: { needs, ...asked } }: Check, from: number, to: number, { property, claims }: CaseRunner) {
    try {
      const request = { ...asked, speed: undefined, needs: { ...needs, work: WORK } };
      const stream = new CaseStream(caseArbitrary(claims, request), hashText(this.budget.seed, id), property, claims);
      for (let index = from; index < to; index++) {
        const drawn = stream.draw(index);
        if (drawn) yield drawn;
      }
    } catch (error) {
      if (!(error instanceof Undrawable)) throw error;
    }
  }

  /**
   * Checks of an operator's outputs and gradients: everything together first, then one feature at a time, then its masks. Of a fault in pages, checks of
   * its histories.
   */
  private checksOf({ right: { name, ...operator }, paging }: FaultyForm, claims: Claims): readonly Check[] {
    const key = paging ? `${name}, in pages` : name;
    let checks = this.checks.get(key);
    if (!checks) {
      const masks = ['any', ...(listedMasks(operator) ?? ['full', 'causal'])].join(',');
      const usual = paging ? `${name}/any/*/f32` : `${name}{,+*}/{${masks}}/{oracle,gradient}/f32`;
      const planned = planChecks(usualProfiles(this.library), { id: name, claims }, { runs: MOST, filter: this.budget.filter ?? [usual] });
      const order = ({ feature }: Check) => (feature === 'all' ? 0 : feature === undefined ? 2 : 1);
      checks = planned
        .filter(({ unsupported, property }) => unsupported === undefined && (!paging || propertyNamed(property)?.needs.history))
        .sort((a, b) => order(a) - order(b));
      this.checks.set(key, checks);
    }
    return checks;
  }

  /** Returns why no kernel can be told from the operator by the fault; undefined if one can. */
  private equivalence({ operator, right, answer, paging, read = (problem) => problem }: FaultyForm): string | undefined {
    // the comparison is of programs: it does not see what a kernel makes of its answers, or of pages
    if (answer || paging) return undefined;
    const document = this.library.operators.get(right.name) as Operator;
    const { disagreement, elements } = compareWith(this.library, document, (problem) => read({ ...problem, operator }), COMPARED);
    return disagreement || elements === 0 ? undefined : same;
  }
}
