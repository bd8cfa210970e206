import { untransformed } from '../../../generators/values/transform.js';
import { withComputedAxes } from '../../../spec/operator/axes.js';
import { codeOf, inputsOf } from '../../../spec/operator/facts.js';
import { plainStatements } from '../../../spec/operator/loops.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import type { Expected } from '../../../spec/problem.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Change, CodeFormat, LawCondition, Operator } from '../../../spec/types/documents.js';
import type { JudgeContext, Judgement } from '../../contract/property.js';
import { compareOutput } from '../../judging/compare.js';
import type { Comparison } from '../../judging/compared.js';
import { conclude } from '../../judging/conclude.js';

/** Applies a condition. A number for an optional input stands for its absence. */
export function underCondition(c: Case, operator: Operator, when: LawCondition = {}): Case {
  const inputs = inputsOf(operator);
  const set = Object.entries(when).filter(([name]) => !(name in inputs));
  const numbers = Object.entries(c.options).filter(([, value]) => typeof value === 'number');
  const filled = Object.entries(when).filter(([name]) => name in inputs && !inputs[name].optional);
  const options = Object.fromEntries([...numbers, ...set]);
  // sizes may be computed from options
  const plain = { ...untransformed(c), options, dims: withComputedAxes(operator, c.dims, options) };
  return withChanges(
    plain,
    filled.map(([name, value]) => ({ fill: name, with: value })),
  );
}

/** Sets a full mask, unless the operator has a built-in one. */
export function unmasked(c: Case, { masks = ['full'] }: Operator): Case {
  return masks === 'any' || masks.includes('full') ? { ...c, mask: { name: 'full' } } : c;
}

/** True if an output depends on any of these inputs, by names in the program. */
export function dependsOn({ program }: Operator, output: string, inputs: readonly string[]): boolean {
  const known = new Set(inputs);
  const uses = (part: unknown): boolean =>
    typeof part === 'string' ? known.has(part) : typeof part === 'object' && part !== null && Object.values(part).some(uses);
  const statements = plainStatements(program);
  // a state is used before it is computed: iterate to a fixed point
  for (let size = -1; size < known.size; ) {
    size = known.size;
    for (const [name, term] of statements) if (uses(term)) known.add(name);
  }
  return known.has(output);
}

/** Adds changes of whole inputs to a case. */
export function withChanges(c: Case, changes: readonly Change[]): Case {
  const transform = [...(c.values.transform ?? []), ...changes];
  return transform.length === 0 ? c : { ...c, values: { ...c.values, transform } };
}

/** Output of a call, with values that a law derives. */
export interface Related {
  readonly call: number;
  readonly output: string;
  readonly expected: Expected;
  /** 1 for each row that is judged, over the leading axes; absent: all. */
  readonly judged?: Uint8Array;
}

/** Judges outputs by a law. @param law text for the message. */
export function judgeRelated(context: JudgeContext, law: string, related: readonly Related[]): Judgement {
  const comparisons: Comparison[] = related.map(({ call, output, expected, judged }) =>
    compareOutput({
      output,
      class: 'law',
      actual: context.results[call][output],
      expected,
      flushToZero: context.numeric.flushToZero,
      ...(judged && { judged }),
      ...formatOf(context, call, output),
    }),
  );
  const judgement = conclude(comparisons, context.statistics, related[0]?.call ?? 0, () => ({}));
  return judgement.status === 'fail' ? { ...judgement, class: 'law', message: `${law}: ${judgement.message}` } : judgement;
}

function formatOf(context: JudgeContext, call: number, output: string): { readonly format?: CodeFormat } {
  const format = codeOf(context.problem(context.calls[call].case).operator, output);
  return format ? { format } : {};
}

/** Kernel's output of a call, with the bound that it is judged by. */
export function answered(context: JudgeContext, call: number, output: string): Expected {
  const exact = expectedOf(context, call, output);
  const t = context.results[call][output];
  const { flushToZero } = context.numeric;
  // stored codes are not rounded again
  const isCode = formatOf(context, call, output).format !== undefined;
  const stored = (bounds: Float64Array) =>
    isCode ? bounds : bounds.map((e, at) => storedBound(exact.value[at], e, t.dtype as DType, flushToZero));
  return { shape: t.shape, value: valuesOf(t) as Float64Array, ...mappedBounds(exact, stored) };
}

type Bounds = Pick<Expected, 'bound' | 'second' | 'secondBelow'>;

/** Maps the bounds of both forms. */
export function mappedBounds({ bound, second, secondBelow }: Expected, map: (bounds: Float64Array) => Float64Array): Bounds {
  return { bound: map(bound), ...(second && { second: () => map(second()) }), ...(secondBelow !== undefined && { secondBelow }) };
}

/** Adds the bounds of a call to the bounds of expected values. */
export function withBoundOf(context: JudgeContext, call: number, output: string, expected: Expected): Expected {
  const { shape, value } = expected;
  return { shape, value, ...summedBounds(expectedOf(context, call, output), expected) };
}

/** Bounds of a sum, with the second form's if the first term has any. */
export function summedBounds({ bound, second, secondBelow }: Expected, other: Expected): Bounds {
  const { second: others = () => other.bound } = other;
  const summed = second && { second: () => sum(second(), others()) };
  return { bound: sum(bound, other.bound), ...summed, ...(secondBelow !== undefined && { secondBelow }) };
}

/** Elementwise sum. */
export function sum(x: Float64Array, y: Float64Array): Float64Array {
  return x.map((e, at) => e + y[at]);
}

function expectedOf(context: JudgeContext, call: number, output: string): Expected {
  return context.expectation(context.calls[call].case, false).outputs[output];
}
