import { longInputs } from '../../../generators/values/long-inputs.js';
import type { SpecLibrary } from '../../../spec/library.js';
import { axesOf, flatAxesOf } from '../../../spec/operator/facts.js';
import { isLinearInValues, weightsWithoutQueries } from '../../../spec/operator/read-out.js';
import { storedBound } from '../../../spec/oracle/output-bound.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { sizeOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import { unravel } from '../../judging/compared.js';
import type { JudgeContext, Property } from '../../properties/property.js';
import { namesOf } from '../places.js';
import { describeWeights, type RowWeights } from './describe.js';

/** Most keys whose weights are read, and most calls in which they are. */
const MOST_KEYS = 256;
const MOST_CALLS = 64;

/** Class of the failure whose message describes wrong weights. */
export const wrongWeights = 'weights';

/** Tells whether the weights of a forward call can be read from its outputs: they are linear in the values alone, of which the case says nothing else. */
export function canReadWeights({ operators }: SpecLibrary, c: Case): boolean {
  const { distribution, poison, rows, transform } = c.values;
  const operator = operators.get(c.operator);
  if (!operator || !isLinearInValues(operator, (name) => c.options[name] === true)) return false;
  if (c.history || c.parallel || c.block || poison !== undefined || rows !== undefined || transform) return false;
  if (longInputs[distribution] || distribution === 'visibility') return false;
  return c.dims.n <= MOST_KEYS && c.dims.n <= MOST_CALLS * c.dims.e;
}

/**
 * The weights of every row, read out: column x of V is 1 at key c₀ + x and 0 elsewhere, so that o[…, x] is the weight of that key. It is no check: failing cases
 * alone are asked for it.
 */
export const weightsReading: Property = {
  name: 'weights',
  title: 'every weight is right',
  perMask: false,
  perFeature: false,
  needs: {},
  unsupported: () => undefined,
  calls: (c) =>
    Array.from({ length: Math.ceil(c.dims.n / c.dims.e) }, (_, chunk) => ({
      command: 'forward',
      case: { ...c, values: { ...c.values, columns: chunk * c.dims.e } },
    })),
  judge: (context) => {
    const operator = context.claims.operator(context.case.operator) as Operator;
    const rows = rowsRead(context, operator);
    const read = rows.filter(({ actual, limit }) => [...actual, ...limit].every(Number.isFinite));
    const message = describeWeights(read, weightsWithoutQueries(operator) === 'mean');
    if (message !== undefined) return { status: 'fail', class: wrongWeights, message };
    return read.length === rows.length ? { status: 'pass' } : { status: 'undecided', reason: 'some weights are no numbers' };
  },
};

/** The weights of the rows that see a key. */
function rowsRead(context: JudgeContext, operator: Operator): RowWeights[] {
  const { n } = context.case.dims;
  const { outputs, empty } = context.expectation(context.calls[0].case, false);
  const shape = outputs.o.shape.slice(0, -1);
  const axes = flatAxesOf(axesOf(operator, 'o') ?? []);
  const rows = Array.from({ length: sizeOf(shape) }, (_, row) => ({
    name: nameOf(unravel(row, shape), axes, shape),
    expected: new Float64Array(n),
    limit: new Float64Array(n),
    actual: new Float64Array(n),
  }));
  for (let call = 0; call < context.calls.length; call++) readColumns(context, call, rows);
  return rows.filter((_, row) => empty[row] !== 1);
}

/** Name of a row by its place along each axis, the last one first; one along which there are no others goes without saying. */
function nameOf(place: readonly number[], axes: readonly string[], shape: readonly number[]): string {
  const last = place.length - 1;
  const parts = place.flatMap((at, axis) => {
    if (axis !== last && shape[axis] === 1) return [];
    // a row of a recurrence is one of its tokens
    return [`${axes[axis] === 'n' ? 'token' : namesOf(axes[axis])[0]} ${at}`];
  });
  return parts.reverse().join(' of ');
}

function readColumns(context: JudgeContext, call: number, rows: readonly RowWeights[]): void {
  const { case: c } = context.calls[call];
  const { n, e } = c.dims;
  const { columns = 0 } = c.values;
  const { value, bound } = context.expectation(c, false).outputs.o;
  const { o } = context.results[call];
  const outputs = valuesOf(o);
  for (const [row, { expected, limit, actual }] of rows.entries()) {
    for (let x = 0; x < e && columns + x < n; x++) {
      const at = row * e + x;
      expected[columns + x] = value[at];
      limit[columns + x] = storedBound(value[at], bound[at], o.dtype as DType, context.numeric.flushToZero);
      actual[columns + x] = outputs[at];
    }
  }
}
