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

const WORK = 4000;
/** Cases per check in the first round, and in all. */
const FIRST = 2;
const MOST = 16;
const COMPARED = 200;

const same = `its outputs and gradients are those of the document on ${COMPARED} drawn cases, within bounds of float64`;

interface Found {
  readonly cases: number;
  readonly kill?: { readonly check: Check; readonly failed: Failed; readonly case: Case };
  readonly error?: MutantResult['error'];
}

/**
 * Judges mutants of documents' programs on small cases, without shrinking. A case that the right
 * program fails too kills no mutant. Survivors that agree with the operator are equivalent.
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

  /** All features together, each feature, then masks; histories for faults in pages. */
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

  /** Proof that no kernel can show the fault; undefined without one. */
  private equivalence({ operator, right, answer, paging, read = (problem) => problem }: FaultyForm): string | undefined {
    // the comparison of programs does not see faults in answers or pages
    if (answer || paging) return undefined;
    const document = this.library.operators.get(right.name) as Operator;
    const { disagreement, elements } = compareWith(this.library, document, (problem) => read({ ...problem, operator }), COMPARED);
    return disagreement || elements === 0 ? undefined : same;
  }
}
