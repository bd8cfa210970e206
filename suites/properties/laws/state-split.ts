import { withinLimits } from '../../../generators/lib/limits.js';
import { withTokens } from '../../../generators/token-run.js';
import { tiedTo } from '../../../spec/operator/axes.js';
import { flatAxesOf } from '../../../spec/operator/facts.js';
import type { LawOf } from '../../../spec/operator/laws.js';
import type { Expected } from '../../../spec/problem.js';
import { placeAlong } from '../../../spec/tensor/tensor.js';
import type { Case, Limits, Operator } from '../../../spec/types/documents.js';
import type { JudgeContext, Property } from '../../contract/property.js';
import { answered, judgeRelated, mappedBounds, type Related, underCondition, unmasked, withBoundOf } from '../lib/law.js';
import { lawProperty } from '../lib/law-property.js';

/** The second run starts from the exact final state of the first, rounded like an input. */
export const stateSplit: Property = lawProperty({
  name: 'state-split',
  title: 'two runs, the second from the final state of the first, give the result of one run',
  key: 'split',
  calls: 3,
  unmasked: true,
  cases: (c, law, operator, limits) => {
    const whole = unmasked(underCondition(c, operator), operator);
    return [whole, ...(runsOf(whole, law, operator, limits) ?? [whole, whole])];
  },
  judge: (context, law, operator, calls) =>
    judgeRelated(context, `cut along ${law.split}, two runs do not give the result of one`, relatedOutputs(context, law, operator, calls)),
});

/** Two runs, cut nearest to the middle within the limits; undefined without a possible cut. */
function runsOf(whole: Case, law: LawOf<'split'>, operator: Operator, limits: Limits): [Case, Case] | undefined {
  const size = whole.dims[law.split];
  const run = { run: law.split, states: law.state };
  const middle = Math.ceil(size / 2);
  for (let distance = 0; distance < middle; distance++) {
    for (const at of [middle - distance, middle + distance]) {
      if (at < 1 || at >= size) continue;
      const runs: [Case, Case] = [withTokens(whole, operator, run, 0, at), withTokens(whole, operator, run, at, size)];
      if (runs.every(({ dims }) => withinLimits(limits, dims))) return runs;
    }
  }
  return undefined;
}

/** Outputs with tokens are compared in each run, final states in the second. */
function relatedOutputs(
  context: JudgeContext,
  law: LawOf<'split'>,
  operator: Operator,
  [whole, first, second]: readonly number[],
): Related[] {
  const size = context.calls[whole].case.dims[law.split];
  const at = context.calls[first].case.dims[law.split];
  // without a cut, all calls are the whole
  if (at === size) return [];
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
