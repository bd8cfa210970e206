import { withTokens } from '../../../generators/token-run.js';
import { tiedTo } from '../../../spec/operator/axes.js';
import { flatAxesOf } from '../../../spec/operator/facts.js';
import type { Expected } from '../../../spec/oracle/problem.js';
import { placeAlong } from '../../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import { answered, judgeRelated, mappedBounds, type Related, underCondition, unmasked, withBoundOf } from '../../judging/laws/law.js';
import { type LawOf, lawProperty } from '../../judging/laws/law-property.js';
import type { JudgeContext, Property } from '../property.js';

/**
 * Tokens in two runs, of which the second begins with the state that the first ends with, give what one run over all of them gives. The state is the exact
 * one, rounded as inputs are, which its bounds cover; the kernel's own is held to it by `oracle`.
 */
export const stateSplit: Property = lawProperty({
  name: 'state-split',
  title: 'two runs, the second from the state that the first ends with, give what one run gives',
  key: 'split',
  calls: 3,
  cases: (c, law, operator) => {
    const whole = unmasked(underCondition(c, operator), operator);
    const [at, size] = [middleOf(c, law), c.dims[law.split]];
    // a single token has no two runs
    if (size < 2) return [whole, whole, whole];
    const run = { run: law.split, states: law.state };
    return [whole, withTokens(whole, operator, run, 0, at), withTokens(whole, operator, run, at, size)];
  },
  judge: (context, law, operator, calls) =>
    judgeRelated(context, `cut along ${law.split}, two runs do not give what one gives`, relatedOutputs(context, law, operator, calls)),
});

/** The first token of the second run. */
function middleOf({ dims }: Case, { split }: LawOf<'split'>): number {
  return Math.ceil(dims[split] / 2);
}

/** Outputs that have the tokens are held to the whole run's part of them, in each run; what each run ends with, in the second one. */
function relatedOutputs(
  context: JudgeContext,
  law: LawOf<'split'>,
  operator: Operator,
  [whole, first, second]: readonly number[],
): Related[] {
  const size = context.calls[whole].case.dims[law.split];
  if (size < 2) return [];
  const at = middleOf(context.calls[whole].case, law);
  const tied = tiedTo(operator, [law.split]);
  return Object.keys(context.results[whole]).flatMap((output): Related[] => {
    const axis = flatAxesOf(operator.outputs[output]).findIndex((name) => tied.includes(name));
    const related = (call: number, from: number, to: number): Related => {
      const expected = tokensOf(answered(context, whole, output), axis, from, to);
      return { call, output, expected: withBoundOf(context, call, output, expected) };
    };
    return axis < 0 ? [related(second, 0, size)] : [related(first, 0, at), related(second, at, size)];
  });
}

function tokensOf(t: Expected, axis: number, from: number, to: number): Expected {
  if (axis < 0) return t;
  const place = placeAlong(t.shape, axis);
  const part = (all: Float64Array) => all.filter((_, at) => place(at) >= from && place(at) < to);
  const shape = t.shape.map((size, i) => (i === axis ? to - from : size));
  return { shape, value: part(t.value), ...mappedBounds(t, part) };
}
