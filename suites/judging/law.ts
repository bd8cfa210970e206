import { untransformed } from '../../generators/values/transform.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { inputsOf } from '../../spec/operator/facts.js';
import type { Expected } from '../../spec/oracle/problem.js';
import { type Tensor, valuesOf } from '../../spec/tensor/tensor.js';
import type { Case, Change, Law, LawCondition, Operator } from '../../spec/types/documents.js';
import type { JudgeContext, Judgement } from '../properties/property.js';
import { type Comparison, compareOutput } from './compare.js';
import { conclude } from './conclude.js';

/** A law of one kind, such as `{ linear: ['v'] }`. */
export type LawOf<Key extends string> = Extract<Law, { readonly [K in Key]: unknown }>;

/** The laws of a kind that an operator has and that an implementation can be asked for: the options of their conditions are claimed. */
export function lawsOf<Key extends string>(capabilities: FullCapabilities, operator: Operator | undefined, key: Key): LawOf<Key>[] {
  return lawsWith(operator, key).filter((law) => missingOption(capabilities, operator as Operator, law) === undefined);
}

function lawsWith<Key extends string>(operator: Operator | undefined, key: Key): LawOf<Key>[] {
  return (operator?.laws ?? []).filter((law): law is LawOf<Key> => typeof law === 'object' && key in law);
}

/** Tells whether an operator has a law of a kind. */
export function hasLaw(operator: Operator, key: string): boolean {
  return lawsWith(operator, key).length > 0;
}

/** An option that a law's condition sets and that is not claimed. */
function missingOption({ options }: FullCapabilities, operator: Operator, law: object): string | undefined {
  const { when = {} } = law as { readonly when?: LawCondition };
  return Object.keys(when).find((name) => !(name in inputsOf(operator)) && !options.includes(name));
}

/** Reason why an implementation is not asked for laws of a kind; undefined if the operator has one that it can be asked for. */
export function whyNoLaw(capabilities: FullCapabilities, operator: Operator | undefined, key: string): string | undefined {
  if (operator === undefined || lawsOf(capabilities, operator, key).length > 0) return undefined;
  const [law] = lawsWith(operator, key);
  return law
    ? `option ${missingOption(capabilities, operator, law)}, of which the law of ${operator.name} speaks, is not claimed`
    : `${operator.name} has no such law`;
}

/**
 * The case under a law's condition: options have its values, required inputs are filled with its numbers. Optional inputs are left out, those that
 * the condition names too: its number is what their absence means.
 */
export function underCondition(c: Case, operator: Operator, when: LawCondition = {}): Case {
  const inputs = inputsOf(operator);
  const set = Object.entries(when).filter(([name]) => !(name in inputs));
  const numbers = Object.entries(c.options).filter(([, value]) => typeof value === 'number');
  const filled = Object.entries(when).filter(([name]) => name in inputs && !inputs[name].optional);
  const plain = { ...untransformed(c), options: Object.fromEntries([...numbers, ...set]) };
  return withChanges(
    plain,
    filled.map(([name, value]) => ({ fill: name, with: value })),
  );
}

/** The case with the mask full, where the operator takes it: a mask that it has built in stays. */
export function unmasked(c: Case, { masks = ['full'] }: Operator): Case {
  return masks === 'any' || masks.includes('full') ? { ...c, mask: { name: 'full' } } : c;
}

/** Tells whether an output depends on any of these inputs, by the names in the program's statements. */
export function dependsOn({ program }: Operator, output: string, inputs: readonly string[]): boolean {
  const known = new Set(inputs);
  const uses = (part: unknown): boolean =>
    typeof part === 'string' ? known.has(part) : typeof part === 'object' && part !== null && Object.values(part).some(uses);
  for (const [name, term] of program) if (uses(term)) known.add(name);
  return known.has(output);
}

/** The case with changes of whole inputs. */
export function withChanges(c: Case, changes: readonly Change[]): Case {
  const transform = [...(c.values.transform ?? []), ...changes];
  return transform.length === 0 ? c : { ...c, values: { ...c.values, transform } };
}

/** An output of one call that others, or another operator, say what it must be. */
export interface Related {
  readonly call: number;
  readonly output: string;
  readonly expected: Expected;
  /** 1 for each row, of the output's leading axes, that is held to it; absent: all. */
  readonly judged?: Uint8Array;
}

/** Judges outputs by what a law says of them. @param law in words, for the message. */
export function judgeRelated(context: JudgeContext, law: string, related: readonly Related[]): Judgement {
  const comparisons: Comparison[] = related.map(({ call, output, expected, judged }) =>
    compareOutput({
      output,
      class: 'law',
      actual: context.results[call][output],
      expected,
      flushToZero: context.numeric.flushToZero,
      ...(judged && { judged }),
    }),
  );
  const judgement = conclude(comparisons, context.statistics, related[0]?.call ?? 0, () => ({}));
  return judgement.status === 'fail' ? { ...judgement, class: 'law', message: `${law}: ${judgement.message}` } : judgement;
}

/** What a kernel gave in a call, with the bound of the oracle's answer to it and the rounding of its store. */
export function answered(context: JudgeContext, call: number, output: string): Expected {
  const { case: c } = context.calls[call];
  const { bound, value: exact } = context.expectation(c, false).outputs[output];
  const t = context.results[call][output] as Tensor;
  const value = valuesOf(t) as Float64Array;
  const { u, w } = context.numeric;
  return { shape: t.shape, value, bound: bound.map((e, at) => e * (1 + u) + u * Math.abs(exact[at]) + w) };
}

/** Bounds of a call's output by the oracle. */
export function boundOf(context: JudgeContext, call: number, output: string): Float64Array {
  return context.expectation(context.calls[call].case, false).outputs[output].bound;
}
