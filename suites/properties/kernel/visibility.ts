import { mix } from '../../../spec/lib/hash.js';
import { printMask } from '../../../spec/mask/print/print.js';
import { weightsWithoutQueries } from '../../../spec/operator/read-out.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import type { FailJudgement, JudgeContext, Property } from '../../contract/property.js';
import { diagnosisFor, subjectOf } from '../../diagnosis/hints/hints.js';
import { type CellRead, diagnosisOfReadout } from '../../diagnosis/hints/visibility/readout.js';
import { worse } from '../../judging/compare.js';
import type { Mismatch } from '../../judging/compared.js';
import { addComparison, failureOf, undecidedOf } from '../../judging/conclude.js';
import { compareCall } from '../lib/compare-call.js';

const MOST_CALLS = 8;
const MOST_SAMPLED = 3;

/**
 * Reads the mask: with Q = 0 each of c visible keys weighs 1/c. Column x of V is h' + 1 at key
 * c₀ + x, so o[…, x] is (h' + 1)/c if the key is visible, else 0; h' is the key head read.
 */
export const visibility: Property = {
  name: 'visibility',
  title: 'every query sees exactly the keys that the mask shows it',
  perMask: true,
  perFeature: false,
  needs: { distributions: ['visibility'], plainScores: true, passes: 3 },
  unsupported: (_, operator) =>
    operator && weightsWithoutQueries(operator) === undefined
      ? `with q = 0 the output of ${operator.name} is not the visible values, each with a weight that the mask alone decides`
      : undefined,
  calls: (c) =>
    chunks(c).map((chunk) => ({
      command: 'forward',
      case: { ...c, values: { ...c.values, distribution: 'visibility', columns: chunk * c.dims.e } },
    })),
  judge: (context) => {
    const comparisons = context.calls.map((_, call) => compareCall(context, call));
    for (const c of comparisons.flat()) addComparison(context.statistics, c);
    const all = context.calls.map((_, call) => call);
    const misread = wronglySeen(context);
    if (misread) return { ...misread, ...explain(context, all) };
    const worst = comparisons.flat().reduce<Mismatch | undefined>((found, c) => worse(found, c.worst), undefined);
    const call = comparisons.findIndex((own) => own.some((c) => c.worst === worst));
    if (worst) return { ...failureOf(worst, call), ...diagnosisFor(context, all) };
    return undecidedOf(comparisons.flat()) ?? { status: 'pass' };
  },
};

function explain(context: JudgeContext, calls: readonly number[]): Pick<FailJudgement, 'hint' | 'diagnosis'> {
  const byValue = diagnosisFor(context, calls);
  if (!context.diagnosing || byValue.diagnosis?.answers?.length) return byValue;
  return diagnosisOfReadout(
    subjectOf(context, 0),
    calls.flatMap((call) => [...cellsRead(context, call)]),
    context.supposed,
  );
}

function chunks(c: Case): number[] {
  const count = Math.ceil(c.dims.n / c.dims.e);
  const most = c.values.rows === undefined ? MOST_CALLS : MOST_SAMPLED;
  if (count <= most) return Array.from({ length: count }, (_, chunk) => chunk);
  const parts = most - 2;
  const middle = Array.from({ length: parts }, (_, part) => {
    const start = 1 + Math.floor((part * (count - 2)) / parts);
    const end = 1 + Math.floor(((part + 1) * (count - 2)) / parts);
    return start + (mix(c.values.seed ^ Math.imul(part + 1, 0x9e3779b9)) % (end - start));
  });
  return [0, ...middle, count - 1];
}

interface Cell extends CellRead {
  readonly call: number;
  readonly index: readonly [number, number, number, number];
  readonly expected: number;
  readonly actual: number;
}

/** First wrong cell, with counts of both kinds. `oracle` judges empty rows and NaN. */
function wronglySeen(context: JudgeContext): FailJudgement | undefined {
  let first: Cell | undefined;
  const counts = { tooMany: 0, missing: 0 };
  for (let call = 0; call < context.calls.length; call++) {
    const { mask } = context.problem(context.calls[call].case);
    for (const cell of cellsRead(context, call)) {
      if (cell.seen === mask.visible(cell.batch, cell.head, cell.query, cell.key)) continue;
      first ??= cell;
      if (cell.seen) counts.tooMany++;
      else counts.missing++;
    }
  }
  if (!first) return undefined;
  const [b, h, i] = first.index;
  const mask = printMask(context.case.mask);
  const cell = first.seen
    ? `query ${i} attends to key ${first.key}, which ${mask} masks`
    : `query ${i} does not attend to key ${first.key}, which ${mask} shows`;
  const all = `${counts.tooMany} ${counts.tooMany === 1 ? 'key' : 'keys'} wrongly visible, ${counts.missing} wrongly hidden`;
  return {
    status: 'fail',
    class: 'visibility',
    output: 'o',
    index: first.index,
    expected: first.expected,
    actual: first.actual,
    message: `${cell} (batch ${b}, head ${h}). In all: ${all}`,
    call: first.call,
  };
}

function* cellsRead(context: JudgeContext, call: number): Generator<Cell> {
  const c = context.calls[call].case;
  const { b, hk, g, m, n, e } = c.dims;
  const { empty, outputs, rows: judged } = context.expectation(c, false);
  const expected = outputs.o.value;
  const { o } = context.results[call];
  const actual = valuesOf(o);
  const { flushToZero } = context.numeric;
  const limitAt = (at: number) => storedBound(expected[at], outputs.o.bound[at], o.dtype as DType, flushToZero);
  const heads = hk * g;
  const columns = c.values.columns ?? 0;
  for (let row = 0; row < b * heads * m; row++) {
    if (empty[row] || judged?.[row] === 0) continue;
    const i = row % m;
    const h = Math.floor(row / m) % heads;
    const batch = Math.floor(row / (m * heads));
    for (let x = 0; x < e && columns + x < n; x++) {
      const at = row * e + x;
      const key = columns + x;
      const seen = actual[at] !== 0;
      if (!Number.isFinite(actual[at])) continue;
      // a weight that may round to 0 need not be seen
      if (!seen && expected[at] !== 0 && !(Math.abs(expected[at]) > limitAt(at))) continue;
      yield { call, index: [batch, h, i, x], batch, head: h, query: i, key, seen, expected: expected[at], actual: actual[at] };
    }
  }
}
