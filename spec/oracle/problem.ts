import type { FullDialect } from '../dialect.js';
import type { CompiledMask } from '../mask/compiled-mask.js';
import type { NumericProfile } from '../numeric/profile.js';
import type { Case, Operator } from '../types/documents.js';

/** A tensor in float64, row-major. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** The error that each element comes with, where it is itself computed. */
  readonly bound?: Float64Array;
}

/**
 * What the oracle is asked: the case, its inputs as stored (decoded to float64, layout bhld whatever the case's), and how the kernel computes.
 * inputs: q [b, hk·g, m, d], k [b, hk, n, d], v [b, hk, n, e], bias [b|1, hk·g|1, m|1, n], alibi and sink [hk·g], do [b, hk·g, m, e], dlse [b, hk·g, m].
 */
export interface Problem {
  readonly case: Case;
  readonly operator: Operator;
  readonly inputs: Readonly<Record<string, Values>>;
  readonly mask: CompiledMask;
  readonly dialect: FullDialect;
  readonly numeric: NumericProfile;
  /** 1 for each row [b, hk·g, m] that is judged; absent: every row is. */
  readonly rows?: Uint8Array;
}

/** An exact value and the error allowed to it before it is rounded to the output's type; an infinite bound is undecided. */
export interface Expected {
  readonly shape: readonly number[];
  readonly value: Float64Array;
  readonly bound: Float64Array;
}

export interface Expectation {
  /** o [b, hk·g, m, e], lse [b, hk·g, m]; with gradients dq, dk, dv, dsink, dbias, dalibi, shaped as their inputs. */
  readonly outputs: Readonly<Record<string, Expected>>;
  /** 1 for a row [b, hk·g, m] that sees no key and has no sink. Of rows that were not evaluated 0. */
  readonly empty: Uint8Array;
  /** Marks each judged row of a forward pass with 1: the others are of no interest, and may not have been evaluated. Absent: every row is judged. */
  readonly rows?: Uint8Array;
}
