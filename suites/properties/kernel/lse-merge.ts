import { mergesByLse } from '../../../spec/operator/locality.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { CallSpec, JudgeContext, Property } from '../../contract/property.js';
import { diagnosisFor } from '../../diagnosis/hints/hints.js';
import { compareOutput } from '../../judging/compare.js';
import { conclude } from '../../judging/conclude.js';
import { canDiffer } from '../../judging/limits.js';
import { type BoundedPart, logSumExp, merge, mergeBounded, type Part } from '../../judging/merge.js';

/** Outputs over parts of the keys, merged by their LSEs in float64, are the whole output. */
export const lseMerge: Property = {
  name: 'lse-merge',
  title: 'outputs over parts of the keys, merged by their LSEs, give the output over all keys',
  perMask: false,
  perFeature: false,
  bounded: true,
  needs: { split: true, passes: 3 },
  unsupported: (capabilities, operator) => {
    if (operator && !mergesByLse(operator)) return `${operator.name} is no softmax over the keys whose parts could be merged by their LSEs`;
    if (!capabilities.outputs.includes('lse')) return 'the LSE is not claimed';
    if (!canDiffer(capabilities.limits, 'm', 'n')) return 'its limits leave no part of the keys: m = n';
    if (capabilities.denseMask === false && !capabilities.masks.includes('full'))
      return 'masks of parts travel dense, and no dense mask is claimed';
    return undefined;
  },
  calls: (c) => partsOf(c).map((keys, part) => ({ command: 'forward', case: blockCase(c, keys, part === 0) })),
  judge: (context) => {
    const whole = wholeCase(context.case);
    const { outputs, empty, rows: judged } = context.expectation(whole, false);
    const expected = context.calls.map((call, part) => expectedPart(context, call, part));
    const actual = context.calls.map((call, part) => actualPart(context, call, part));
    const e = outputs.o.value.length / outputs.lse.value.length;
    const weighted = mergeBounded(withSink(context, expected), e);
    const lse = mergeBounded(expected, e);
    // a float64 oracle is as inexact as a float64 kernel: add half of the whole's bound
    const exactIsRounded = context.numeric.accumulate === 'f64';
    const base = toBaseE(context, whole);
    const oBound = exactIsRounded ? weighted.oBound.map((bound, i) => bound + 0.5 * outputs.o.bound[i]) : weighted.oBound;
    const lseBound = exactIsRounded ? lse.lseBound.map((bound, i) => bound + 0.5 * base * outputs.lse.bound[i]) : lse.lseBound;
    const exact = withoutEmptyRows({ o: outputs.o.value.slice(), lse: outputs.lse.value.map((x) => x * base) }, empty);
    const merged: Part = { o: merge(withSink(context, actual), e).o, lse: merge(actual, e).lse };
    const comparisons = [
      {
        output: 'o',
        class: 'lse-merge',
        actual: tensor('f64', outputs.o.shape, merged.o),
        expected: { shape: outputs.o.shape, value: exact.o, bound: oBound },
        flushToZero: false,
        ...(judged && { judged }),
      },
      {
        output: 'lse',
        class: 'lse',
        actual: tensor('f64', outputs.lse.shape, merged.lse),
        expected: { shape: outputs.lse.shape, value: exact.lse, bound: lseBound },
        flushToZero: false,
        ...(judged && { judged }),
      },
    ].map(compareOutput);
    const judgement = conclude(comparisons, context.statistics, 0, () =>
      diagnosisFor(
        context,
        context.calls.map((_, call) => call),
      ),
    );
    if (judgement.status !== 'fail') return judgement;
    // the element belongs to the merge, not to a call
    const { call: _, ...failure } = judgement;
    return {
      ...failure,
      class: failure.class === 'lse' ? 'lse-merge' : failure.class,
      message: `merged over key lengths ${JSON.stringify(context.case.split)}: ${judgement.message}`,
    };
  },
};

function partsOf(c: Case): [number, number][] {
  let end = 0;
  return (c.split ?? [c.dims.n])
    .map((length): [number, number] => {
      end += length;
      return [end - length, end];
    })
    .filter(([start, stop]) => stop > start);
}

/** Drops ALiBi, whose positions count from the end of the keys: a block has another end. */
function wholeCase(c: Case): Case {
  const { split: _, ...rest } = c;
  const { alibi: __, ...options } = c.options;
  return { ...rest, options };
}

/** Case over one part of the keys. The first part alone has the sink. */
function blockCase(c: Case, keys: [number, number], first: boolean): Case {
  const whole = wholeCase(c);
  const { sink, ...others } = whole.options;
  const { m, n } = c.dims;
  return {
    ...whole,
    dims: { ...c.dims, n: keys[1] - keys[0] },
    options: first && sink !== undefined ? whole.options : others,
    block: { queries: [0, m], keys, of: c.mask, whole: [m, n] },
  };
}

function toBaseE(context: JudgeContext, c: Case): number {
  return context.problem(c).dialect.lseBase === '2' ? Math.LN2 : 1;
}

/** Kernel's part. Rows without keys become (0, −∞) in every dialect. */
function actualPart(context: JudgeContext, { case: c }: CallSpec, part: number): Part {
  const { o, lse } = context.results[part];
  const base = toBaseE(context, c);
  const values = { o: Float64Array.from(valuesOf(o)), lse: valuesOf(lse).map((x) => x * base) };
  return withoutEmptyRows(values, context.expectation(c, false).empty);
}

function expectedPart(context: JudgeContext, { case: c }: CallSpec, part: number): BoundedPart {
  const { outputs, empty } = context.expectation(c, false);
  const { flushToZero } = context.numeric;
  const base = toBaseE(context, c);
  const stored = (name: 'o' | 'lse') =>
    outputs[name].bound.map((bound, i) =>
      storedBound(outputs[name].value[i], bound, context.results[part][name].dtype as DType, flushToZero),
    );
  return {
    ...withoutEmptyRows({ o: outputs.o.value.slice(), lse: outputs.lse.value.map((x) => x * base) }, empty),
    oBound: stored('o'),
    lseBound: stored('lse').map((bound) => bound * base),
  };
}

function withoutEmptyRows(part: Part, empty: Uint8Array): Part {
  const e = part.o.length / empty.length;
  for (let row = 0; row < empty.length; row++) {
    if (!empty[row]) continue;
    part.o.fill(0, row * e, (row + 1) * e);
    part.lse[row] = -Infinity;
  }
  return part;
}

/** Adds the sink to the first LSE if the dialect excludes it: the normaliser of o includes it. */
function withSink<P extends Part>(context: JudgeContext, parts: readonly P[]): readonly P[] {
  const { inputs, dialect } = context.problem(context.calls[0].case);
  if (!inputs.sink || dialect.lseSink === 'included') return parts;
  const { m } = context.case.dims;
  const heads = inputs.sink.data.length;
  const lse = parts[0].lse.map((x, row) => logSumExp([x, inputs.sink.data[Math.floor(row / m) % heads]]));
  return [{ ...parts[0], lse }, ...parts.slice(1)];
}
