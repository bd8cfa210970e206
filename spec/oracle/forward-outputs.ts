import { decided } from '../numeric/decided.js';
import { type Expectation, type Expected, type Problem, zeros } from '../problem.js';
import { type ExpectedSlice, firstRows, RowSlice, SLICE } from './expected-slice.js';

/** LSE of an empty row, by the dialect. */
export const emptyLse = { '-inf': -Infinity, '+inf': Infinity, zero: 0, nan: NaN, finite: -Infinity } as const;

/** Outputs of a forward pass, and 1 for each empty row. */
export interface RowOutputs {
  readonly o: Expected;
  readonly lse: Expected;
  readonly empty: Uint8Array;
}

/** Outputs of zeros, without empty rows. */
export function zeroOutputs(problem: Problem): RowOutputs {
  const { b, e } = problem.case.dims;
  const { heads, m } = problem.mask;
  return { o: zeros([b, heads, m, e]), lse: zeros([b, heads, m]), empty: new Uint8Array(b * heads * m) };
}

/** Makes a row undecided. */
export function leaveRow({ o, lse }: Pick<RowOutputs, 'o' | 'lse'>, row: number, e: number): void {
  o.bound.fill(Infinity, row * e, (row + 1) * e);
  lse.bound[row] = Infinity;
}

/** Finishes outputs: converts the LSE's base by the dialect, and replaces NaN bounds. */
export function forwardExpectation(problem: Problem, { o, lse, empty }: RowOutputs): Expectation {
  if (problem.dialect.lseBase === '2') toBase2(lse, problem.numeric.a);
  if (problem.numeric.accumulate === 'f64') addOwnBound([o, lse]);
  decided(o.bound);
  decided(lse.bound);
  return { outputs: { o, lse }, empty, ...(problem.rows && { rows: problem.rows }) };
}

function toBase2(lse: Expected, a: number): void {
  for (let i = 0; i < lse.value.length; i++) {
    lse.value[i] /= Math.LN2;
    if (Number.isFinite(lse.value[i])) lse.bound[i] = lse.bound[i] / Math.LN2 + 3 * a * Math.abs(lse.value[i]);
  }
}

/** Doubles the bounds: in f64 the oracle errs as much as a kernel. */
export function addOwnBound(outputs: readonly Expected[]): void {
  for (const { bound } of outputs) for (let i = 0; i < bound.length; i++) bound[i] *= 2;
}

/** Rows of o and lse, of all rows [b, hk·g, m]. */
export class ForwardSlice extends RowSlice {
  readonly o: Expected;
  readonly lse: Expected;

  constructor(
    private readonly problem: Problem,
    size = SLICE,
  ) {
    super(size);
    this.o = zeros([size, problem.case.dims.e]);
    this.lse = zeros([size, 1]);
  }

  /** Writes an empty row by the dialect, except for `mean`. */
  setEmpty(place: number): void {
    const { dialect, case: c } = this.problem;
    this.empty[place] = 1;
    this.o.value.fill(dialect.emptyOutput === 'nan' ? NaN : 0, place * c.dims.e, (place + 1) * c.dims.e);
    this.lse.value[place] = emptyLse[dialect.emptyLse];
  }

  protected *finished(rows: Int32Array, empty: Uint8Array): Generator<ExpectedSlice> {
    const { e } = this.problem.case.dims;
    const [o, lse] = [firstRows(this.o, rows.length, e), firstRows(this.lse, rows.length, 1)];
    const { outputs } = forwardExpectation(this.problem, { o, lse, empty });
    yield { output: 'o', rows, width: e, expected: outputs.o, empty };
    yield { output: 'lse', rows, width: 1, expected: outputs.lse, empty };
  }
}
