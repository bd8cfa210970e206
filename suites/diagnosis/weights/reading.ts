import { hasHistory } from '../../../generators/history/inputs.js';
import { play } from '../../../generators/history/play.js';
import { isReuse } from '../../../generators/history/reuse.js';
import { longInputs } from '../../../generators/values/long-inputs.js';
import { gradientsOf } from '../../../spec/claims/capabilities.js';
import type { Claims } from '../../../spec/claims/claims.js';
import { axesOf, flatAxesOf, inputsOf, storedType } from '../../../spec/operator/facts.js';
import { isLinearInValues, rowsPerValues, weightsWithoutQueries } from '../../../spec/operator/read-out.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { sizeOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import type { CallSpec, JudgeContext, Property } from '../../contract/property.js';
import { unravel } from '../../judging/compared.js';
import { namesOf } from '../places.js';
import { questionOf } from '../question.js';
import { describeWeights, type RowWeights } from './describe.js';
import { rowsOfHistory } from './history.js';

const MOST_KEYS = 256;
const MOST_CALLS = 64;
/** Most calls of a scheme, each of which may start a job. */
const MOST_JOBS = 16;
const MOST_WORK = 2e7;

/** Class of wrong weights. */
export const wrongWeights = 'weights';

/** Pass, and the output that shows its weights. Each call reads one key or query per channel. */
interface Source {
  readonly command: CallSpec['command'];
  readonly output: 'o' | 'dv';
  /** Field of a case's values that names the key or query of the first channel. */
  readonly first: 'columns' | 'queries';
  readonly count: (operator: Operator, c: Case) => number | undefined;
  readonly said: string;
  /** Yields cells of a call: element `at` of the output is the weight of `key` in `row`. */
  readonly places: (c: Case, count: number, rows: number) => Generator<{ row: number; key: number; at: number }>;
}

/** Column x of V is 1 at key c₀ + x, or that token of a history, else 0: o[…, x] is its weight. */
const forward: Source = {
  command: 'forward',
  output: 'o',
  first: 'columns',
  count: (_, c) => tokensOf(c),
  said: '',
  *places({ dims: { e }, values: { columns = 0 } }, count, rows) {
    for (let row = 0; row < rows; row++)
      for (let x = 0; x < e && columns + x < count; x++) yield { row, key: columns + x, at: row * e + x };
  },
};

/** Column x of do is 1 in query r₀ + x, else 0, so dv[…, x] holds the weights of its row. */
const backward: Source = {
  command: 'backward',
  output: 'dv',
  first: 'queries',
  count: rowsPerValues,
  said: 'in the backward pass, as dv shows, ',
  *places({ dims: { n, e }, values: { queries: first = 0 } }, queries, rows) {
    for (let head = 0; head * queries < rows; head++)
      for (let key = 0; key < n; key++)
        for (let x = 0; x < e && first + x < queries; x++) yield { row: head * queries + first + x, key, at: (head * n + key) * e + x };
  },
};

/** Readings of every weight, forward and backward. */
export const weightsReadings: readonly Property[] = [
  readingOf(forward, 'weights', 'every weight is right'),
  readingOf(backward, 'backward-weights', 'every weight of the backward pass is right'),
];

/** Reading of a call's weights; undefined unless the output is linear in the values alone. */
export function weightsReadingOf({ library, capabilities }: Claims, { command, case: c }: CallSpec): Property | undefined {
  const { distribution, poison, rows, transform } = c.values;
  const operator = library.operators.get(c.operator);
  if (!operator || !isLinearInValues(operator, (name) => c.options[name] === true)) return undefined;
  if (isReuse(c) || c.block || poison !== undefined || rows !== undefined || transform) return undefined;
  if (longInputs[distribution] || distribution === 'visibility') return undefined;
  const isBackward = command === 'backward';
  if (isBackward && !gradientsOf(capabilities, operator).includes('v')) return undefined;
  const { b, hk, g, m, n, d, e } = c.dims;
  const calls = Math.ceil(((isBackward ? backward : forward).count(operator, c) ?? Infinity) / e);
  const work = calls * b * hk * g * m * n * (d + e) * (isBackward ? 8 : 1);
  return tokensOf(c) <= MOST_KEYS && calls <= (c.parallel ? MOST_JOBS : MOST_CALLS) && work <= MOST_WORK
    ? weightsReadings[Number(isBackward)]
    : undefined;
}

function readingOf(source: Source, name: string, title: string): Property {
  const { command, first, count } = source;
  return questionOf({
    name,
    title,
    calls: (c, claims) =>
      Array.from({ length: Math.ceil((count(claims.operator(c.operator) as Operator, c) as number) / c.dims.e) }, (_, chunk) => ({
        command,
        case: { ...c, values: { ...c.values, [first]: chunk * c.dims.e } },
      })),
    judge: (context) => {
      const operator = context.claims.operator(context.case.operator) as Operator;
      const areShares = weightsWithoutQueries(operator) === 'mean';
      const rows = rowsRead(context, operator, source, areShares);
      const read = rows.filter(isRead);
      const message = describeWeights(read, areShares);
      if (message !== undefined) return { status: 'fail', class: wrongWeights, message: source.said + message };
      if (rows.length === 0) return { status: 'undecided', reason: 'no row sees a key' };
      return read.length === rows.length ? { status: 'pass' } : { status: 'undecided', reason: 'some weights are not numbers' };
    },
  });
}

function isRead({ actual, limit, strangers = [] }: RowWeights): boolean {
  return [...actual, ...limit, ...strangers.map((stranger) => stranger.actual)].every(Number.isFinite);
}

/** Rows that see a key; in a backward pass also empty rows, which must have no weight. */
function rowsRead(context: JudgeContext, operator: Operator, source: Source, areShares: boolean): RowWeights[] {
  const { case: c } = context;
  const { outputs, empty } = context.expectation(c, false);
  const shape = outputs.o.shape.slice(0, -1);
  const axes = flatAxesOf(axesOf(operator, 'o') ?? []);
  const count = tokensOf(c);
  const rows = Array.from({ length: sizeOf(shape) }, (_, row) => ({
    name: nameOf(unravel(row, shape), axes, shape),
    expected: new Float64Array(count),
    limit: new Float64Array(count),
    actual: new Float64Array(count),
  }));
  for (let call = 0; call < context.calls.length; call++) readCall(context, call, source, rows);
  const own = hasHistory(c) ? rowsOfHistory(rows, c, storedType(inputsOf(operator).v, c.dtype), areShares) : rows;
  return source.command === 'backward' ? own : own.filter((_, row) => empty[row] !== 1);
}

function tokensOf(c: Case): number {
  return hasHistory(c) ? play(c.history).allTokens : c.dims.n;
}

/** Name of a row like "query 3 of head 1", without axes of size 1 except the last. */
function nameOf(place: readonly number[], axes: readonly string[], shape: readonly number[]): string {
  const last = place.length - 1;
  const parts = place.flatMap((at, axis) => {
    if (axis !== last && shape[axis] === 1) return [];
    return [`${axes[axis] === 'n' ? 'token' : namesOf(axes[axis])[0]} ${at}`];
  });
  return parts.reverse().join(' of ');
}

function readCall(context: JudgeContext, call: number, { command, output, count, places }: Source, rows: readonly RowWeights[]): void {
  const { case: c } = context.calls[call];
  const operator = context.claims.operator(c.operator) as Operator;
  const { value, bound } = context.expectation(c, command === 'backward').outputs[output];
  const { [output]: tensor } = context.results[call];
  const outputs = valuesOf(tensor);
  for (const { row, key, at } of places(c, count(operator, c) as number, rows.length)) {
    const { expected, limit, actual } = rows[row];
    expected[key] = value[at];
    limit[key] = storedBound(value[at], bound[at], tensor.dtype as DType, context.numeric.flushToZero);
    actual[key] = outputs[at];
  }
}
