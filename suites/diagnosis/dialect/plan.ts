import { maskForm, masksOf } from '../../../generators/whole/mask-form.js';
import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { DialectAxis } from '../../../spec/dialect.js';
import { createLibrary } from '../../../spec/library.js';
import type { Case, DType } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../contract/property.js';
import { candidatesOf, type Oracle, oracleOf } from './candidate.js';
import { hiddenKeys, type Question, questions } from './questions.js';
import { separatedPairs } from './reading.js';
import { caseFor, type Wish } from './wish.js';

/** Calls that tell an axis, as indices into the plan's calls. */
export interface AxisPlan {
  readonly axis: DialectAxis;
  readonly calls: readonly number[];
  /** Calls that a value other than the declared one must fit too. */
  readonly confirming?: readonly number[];
  readonly notAsked?: string;
}

export interface DialectPlan {
  readonly calls: readonly CallSpec[];
  /** In order of inference: later axes are read with the values of earlier ones. */
  readonly axes: readonly AxisPlan[];
}

/** Built-in masks only: --spec adds no cases here. */
const library = createLibrary();

const plans = new WeakMap<FullCapabilities, Map<DType, DialectPlan>>();

/** Plans at most 80 calls that tell the claimed axes; cached by the capabilities object. */
export function planDialect(capabilities: FullCapabilities, dtype: DType): DialectPlan {
  const known = plans.get(capabilities) ?? new Map<DType, DialectPlan>();
  plans.set(capabilities, known);
  const plan = known.get(dtype) ?? new Planner(capabilities, dtype).plan();
  known.set(dtype, plan);
  return plan;
}

/** True if the plan has calls; much faster than planning. */
export function tellsDialect(capabilities: FullCapabilities, dtype: DType): boolean {
  const known = plans.get(capabilities)?.get(dtype);
  return known ? known.calls.length > 0 : new Planner(capabilities, dtype).hasCalls();
}

class Planner {
  private readonly calls: CallSpec[] = [];
  private readonly claims: Claims;
  private readonly oracle: Oracle;

  constructor(
    private readonly capabilities: FullCapabilities,
    private readonly dtype: DType,
  ) {
    this.claims = Claims.of(library, capabilities);
    this.oracle = oracleOf(this.claims);
  }

  plan(): DialectPlan {
    const axes = questions.map((question) => this.ask(question));
    return { axes: [...axes, this.askMaskedNaN()], calls: this.calls };
  }

  hasCalls(): boolean {
    const asked = questions.filter(({ lacks }) => lacks?.(this.capabilities) === undefined);
    const tells = asked.some((question) => question.ways.some((wishes) => typeof this.bestCase(question, wishes) !== 'string'));
    return tells || this.askMaskedNaN().calls.length > 0;
  }

  private ask(question: Question): AxisPlan {
    const { axis } = question;
    const lacks = question.lacks?.(this.capabilities);
    if (lacks !== undefined) return { axis, calls: [], notAsked: lacks };
    const found = question.ways.map((wishes) => this.bestCase(question, wishes));
    const calls = this.callsOf(found);
    if (calls.length === 0) return { axis, calls, notAsked: found[0] as string };
    return { axis, calls, confirming: this.callsOf((question.confirmedBy ?? []).map((wishes) => this.bestCase(question, wishes))) };
  }

  private callsOf(found: readonly (Case | string)[]): number[] {
    return [...new Set(found.flatMap((c) => (typeof c === 'string' ? [] : [this.call(c)])))];
  }

  /** First case in which all values differ, else the one that separates most pairs. */
  private bestCase({ axis, outputs, rows }: Question, wishes: readonly Wish[]): Case | string {
    const claimed = outputs.filter((output) => this.capabilities.outputs.includes(output) || output === 'o');
    let best: { c: Case; pairs: number } | undefined;
    let reason: string | undefined;
    for (const wish of wishes) {
      const c = caseFor(this.claims, this.dtype, wish);
      if (typeof c === 'string') {
        reason ??= c;
        continue;
      }
      const candidates = candidatesOf(this.oracle, c, axis, this.capabilities.dialect);
      const pairs = separatedPairs(candidates, claimed, rows, c);
      if (pairs > (best?.pairs ?? 0) && (rows === 'seen' || candidates[0].expectation.empty.includes(0))) best = { c, pairs };
      if (best?.pairs === (candidates.length * (candidates.length - 1)) / 2) break;
    }
    return best?.c ?? reason ?? 'no claimed case tells the values apart';
  }

  /** Calls with and without poison in hidden keys, for named and dense masks of each size. */
  private askMaskedNaN(): AxisPlan {
    const calls = hiddenKeys.flatMap((wishes) => this.poisonedCalls(wishes));
    return { axis: 'maskedNaN', calls, ...(calls.length === 0 && { notAsked: 'no claimed mask hides a key from every query' }) };
  }

  private poisonedCalls(wishes: readonly Wish[]): number[] {
    const calls: number[] = [];
    const met = new Set<boolean>();
    for (const wish of wishes) {
      const clean = caseFor(this.claims, this.dtype, wish);
      if (typeof clean === 'string') continue;
      const named = maskForm(this.claims, clean, masksOf(library, clean).own)?.by === 'name';
      if (met.has(named)) continue;
      const poisoned: Case = { ...clean, values: { ...clean.values, poison: 'nan' } };
      if (!this.oracle.problem(poisoned).inputs.v.data.some(Number.isNaN)) continue;
      met.add(named);
      if (this.known(poisoned) >= 0) continue;
      const large: Case = { ...clean, values: { ...clean.values, poison: 'finite' } };
      calls.push(this.call(clean), this.call(large), this.call(poisoned));
    }
    return calls;
  }

  private call(c: Case): number {
    const known = this.known(c);
    return known >= 0 ? known : this.calls.push({ command: 'forward', case: c }) - 1;
  }

  private known(c: Case): number {
    const text = JSON.stringify(c);
    return this.calls.findIndex((call) => JSON.stringify(call.case) === text);
  }
}
