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

/** The calls, by their place in the plan, that tell an axis. */
export interface AxisPlan {
  readonly axis: DialectAxis;
  readonly calls: readonly number[];
  /** Those that a value other than the declared one must fit too. */
  readonly confirming?: readonly number[];
  /** Why it is not asked: there are no calls. */
  readonly notAsked?: string;
}

export interface DialectPlan {
  readonly calls: readonly CallSpec[];
  /** In the order in which they are inferred: earlier ones are taken into account in later ones. */
  readonly axes: readonly AxisPlan[];
}

/** The masks of the cases are ours, whatever was added by --spec. */
const library = createLibrary();

const plans = new WeakMap<FullCapabilities, Map<DType, DialectPlan>>();

/** The calls that tell every axis which a kernel with these claims has, at most 80; the same object for the same claims. */
export function planDialect(capabilities: FullCapabilities, dtype: DType): DialectPlan {
  const known = plans.get(capabilities) ?? new Map<DType, DialectPlan>();
  plans.set(capabilities, known);
  const plan = known.get(dtype) ?? new Planner(capabilities, dtype).plan();
  known.set(dtype, plan);
  return plan;
}

/** Tells whether there is a call that tells an axis of a kernel with these claims: whether the plan has calls, in a fraction of its time. */
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

  /** The calls of the cases that there are, each once. */
  private callsOf(found: readonly (Case | string)[]): number[] {
    return [...new Set(found.flatMap((c) => (typeof c === 'string' ? [] : [this.call(c)])))];
  }

  /** The first case whose values the oracle tells apart, each from each; else the one with the most; or why there is none. */
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
    return best?.c ?? reason ?? 'none of the cases that it claims tells';
  }

  /** As they are, with large numbers and with NaN in the keys that no query sees; for masks by name, and for dense ones, of each size. */
  private askMaskedNaN(): AxisPlan {
    const calls = hiddenKeys.flatMap((wishes) => this.poisonedCalls(wishes));
    return { axis: 'maskedNaN', calls, ...(calls.length === 0 && { notAsked: 'no claimed mask hides a key from every query' }) };
  }

  /** Three calls for the first wish of each form of a mask that hides a key. A size that gives way to the claims is not asked twice. */
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

  /** The place of a case's call; −1 where it has none. */
  private known(c: Case): number {
    const text = JSON.stringify(c);
    return this.calls.findIndex((call) => JSON.stringify(call.case) === text);
  }
}
