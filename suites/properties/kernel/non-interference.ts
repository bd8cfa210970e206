import { belongsToKeys, inputsOf } from '../../../spec/operator/facts.js';
import { ignoresHiddenKeys } from '../../../spec/operator/locality.js';
import type { Problem } from '../../../spec/problem.js';
import { type Tensor, type Tensors, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Operator, Values } from '../../../spec/types/documents.js';
import type { FailJudgement, JudgeContext, Judgement, Property } from '../../contract/property.js';
import { diagnosisFor } from '../../diagnosis/hints/hints.js';
import { type BitFailure, changedSignsOfZero, sameBits } from '../../judging/bits.js';
import { comparandsOf } from '../../judging/comparands.js';
import { compareOutput } from '../../judging/compare.js';
import { conclude } from '../../judging/conclude.js';
import { mayHideKeys } from '../../judging/mask-claims.js';
import { noStatistics } from '../../judging/statistics.js';
import { judgeCall } from '../lib/compare-call.js';
import { answered, mappedBounds } from '../lib/law.js';
import { sameAnswers } from '../lib/same-answers.js';

const poisons = ['nan', 'inf', '-inf', 'huge'] as const;

const MOVED = 4;

/** A zero's sign may change, with a warning. Without determinism the oracle judges. */
export const nonInterference: Property = {
  name: 'non-interference',
  title: 'the contents of key and value slots that no query sees change no bit',
  perMask: false,
  perFeature: false,
  needs: { hiddenKeys: true, passes: 2 },
  unsupported: (capabilities, operator) => {
    if (operator && keyInputs(operator).length === 0) return `${operator.name} has no keys and values`;
    if (!mayHideKeys(capabilities, operator)) return 'no claimed mask hides a key from every query';
    return operator && !ignoresHiddenKeys(operator) ? `in ${operator.name} keys that no query sees contribute to the output` : undefined;
  },
  calls: (c) => {
    const { poison = poisonOf(c), ...drawn } = c.values;
    // distribution 'poison' is drawn with its poison
    const values: Values = drawn.distribution === 'poison' ? { ...drawn, distribution: 'normal' } : drawn;
    return [
      { command: 'forward', case: { ...c, values } },
      { command: 'forward', case: { ...c, values: { ...values, poison } } },
    ];
  },
  judge: (context) => {
    const [clean, poisoned] = context.calls.map((call) => call.case);
    if (!hasHiddenKey(context, clean, poisoned)) return { status: 'undecided', reason: 'no hidden key' };
    const skip = meanRows(context, clean);
    const [before, after] = context.results;
    const changes: BitFailure = {
      class: 'non-interference',
      call: 1,
      skip,
      describe: (place, there, here) =>
        `${place} changes from ${there} to ${here} when the keys and values that no query sees hold ${describe(poisoned.values)}`,
    };
    const failure = sameAnswers(context, { first: 0, before, after }, changes);
    if (!failure) return { status: 'pass' };
    const signs = changedSignsOfZero(before, after, skip);
    if (signs) {
      for (const [output, hidden] of signs) context.statistics.add(output, { ...noStatistics(), zeroSigns: { hidden, empty: 0 } });
      return { status: 'pass' };
    }
    if (context.claims.capabilities.deterministic.forward) return { ...failure, ...explain(context, clean, skip) };
    return sameBits(notNumbers(before), notNumbers(after), changes) ?? judgePoisoned(context, clean, poisoned, failure, skip);
  },
};

function explain(context: JudgeContext, clean: Case, skip?: Uint8Array): Pick<FailJudgement, 'hint' | 'diagnosis'> {
  if (!context.diagnosing) return {};
  const before = context.results[0];
  const after = withRowsOf(before, context.results[1], skip);
  const { flushToZero } = context.numeric;
  const isMoved = Object.keys(context.expectation(clean, false).outputs).some((output) => {
    if (!before[output] || !after[output]) return false;
    const own = answered(context, 0, output);
    const expected = { ...own, ...mappedBounds(own, (bounds) => bounds.map((bound) => MOVED * bound)) };
    return compareOutput({ output, class: 'non-interference', actual: after[output], expected, flushToZero }).worst;
  });
  return isMoved ? diagnosisFor(context, [0, 1]) : {};
}

function notNumbers(outputs: Tensors): Tensors {
  const infinite = (t: Tensor) => valuesOf(t).map((x) => (Number.isFinite(x) ? 0 : x));
  return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, tensor('f64', t.shape, infinite(t))]));
}

/** `oracle` reports kernels that are wrong in the clean call too. @param skip rows left out. */
function judgePoisoned(context: JudgeContext, clean: Case, poisoned: Case, changed: FailJudgement, skip?: Uint8Array): Judgement {
  const outputs = withRowsOf(context.results[0], context.results[1], skip);
  const comparisons = comparandsOf(context.problem(clean), context.expectation(clean, false), outputs).map(compareOutput);
  const judgement = conclude(comparisons, context.statistics, 1, () => ({}));
  if (judgement.status !== 'fail') return judgement;
  if (judgeCall(context, 0).status === 'fail') return { status: 'pass' };
  return {
    ...judgement,
    class: changed.class,
    message: `right where hidden keys and values are ordinary, and wrong where they hold ${describe(poisoned.values)}: ${judgement.message}`,
  };
}

function withRowsOf(before: Tensors, after: Tensors, skip?: Uint8Array): Tensors {
  if (!skip?.includes(1)) return after;
  const mixed = Object.entries(after).map(([name, t]): [string, Tensor] => {
    const [values, old] = [Float64Array.from(valuesOf(t)), valuesOf(before[name])];
    const width = values.length / skip.length;
    skip.forEach((skipped, row) => {
      if (skipped) values.set(old.subarray(row * width, (row + 1) * width), row * width);
    });
    return [name, tensorOf(t.dtype, t.shape, values)];
  });
  return Object.fromEntries(mixed);
}

/** A kernel that declares leaking NaN gets finite poison. */
function poisonOf({ dialect, values }: Case): NonNullable<Values['poison']> {
  return dialect?.maskedNaN === 'leaks' ? 'finite' : poisons[values.seed % poisons.length];
}

function describe({ poison }: Values): string {
  return { nan: 'NaN', inf: 'Infinity', '-inf': '−Infinity', huge: 'huge numbers', finite: 'the number 1e4' }[
    poison as NonNullable<Values['poison']>
  ];
}

/** False if a softcap after the mask gives hidden keys a finite score. */
function hasHiddenKey(context: JudgeContext, clean: Case, poisoned: Case): boolean {
  const problem = context.problem(clean);
  if (problem.dialect.softcap === 'after-mask' && clean.options.softcap !== undefined) return false;
  const other = context.problem(poisoned);
  return keyInputs(problem.operator).some((name) => problem.inputs[name] && differ(problem, other, name));
}

function keyInputs(operator: Operator): string[] {
  return Object.keys(inputsOf(operator)).filter((name) => belongsToKeys(operator, name));
}

function differ(a: Problem, b: Problem, name: string): boolean {
  const x = a.inputs[name].data;
  const y = b.inputs[name].data;
  return x.some((value, i) => !Object.is(value, y[i]));
}

/** Rows whose declared output averages over hidden keys too; unevaluated rows may be among them. */
function meanRows(context: JudgeContext, clean: Case): Uint8Array | undefined {
  if (context.problem(clean).dialect.emptyOutput !== 'mean') return undefined;
  const { empty, rows } = context.expectation(clean, false);
  return rows ? empty.map((isEmpty, row) => isEmpty | Number(!rows[row])) : empty;
}
