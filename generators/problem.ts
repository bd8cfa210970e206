import { cotangentsOf, type FullCapabilities } from '../spec/claims/capabilities.js';
import type { Claims } from '../spec/claims/claims.js';
import { fullDialect } from '../spec/dialect.js';
import type { CompiledMask } from '../spec/mask/compile/compiled-mask.js';
import { type NumericProfile, resolveNumeric } from '../spec/numeric/profile.js';
import { expectationOf } from '../spec/oracle/oracle.js';
import type { Problem } from '../spec/problem.js';
import { valueIn } from '../spec/scheme/world.js';
import { worldFor } from '../spec/scheme/world-for.js';
import { schemeDocuments } from '../spec/schemes/index.js';
import type { SpecLibrary } from '../spec/spec-library.js';
import type { Float64Tensor, RowReader } from '../spec/tensor/tensor-rows.js';
import type { Case, Operator, Parallel } from '../spec/types/documents.js';
import { hasHistory, historyInputs } from './history/inputs.js';
import { tokenRunInputs, tokenRunOf, wholeOfRun } from './token-run.js';
import { codebookOf, isCodebook } from './values/codebook/codebook.js';
import { countingIn, countsOf } from './values/counted/counting.js';
import { drawInputs, wholeDims } from './values/inputs.js';
import { longInputs } from './values/long-inputs.js';
import { sampledRows } from './values/sampled-rows.js';
import { decoded, decodeRows, type StoredInput } from './values/stored-input.js';
import { focusOf } from './values/targeted/focus.js';
import { targetingOf } from './values/targeted/targeting.js';
import { biasShape, masksOf } from './whole/mask-form.js';

/** Roundings of a kernel that computes a fixed value by a power or a logarithm. */
const ROUNDINGS = 4;

/** Error bounds of fixed values, held in storage or in the accumulator after a few roundings. */
function fixedBounds(values: Float64Array, { u, a, w }: NumericProfile): Float64Array {
  return values.map((x) => (u + ROUNDINGS * a) * Math.abs(x) + w);
}

/** Problem of a case for the oracle, in float64, layout bhld. @param gradients adds cotangents. */
export function problemOf(claims: Claims, c: Case, gradients = false): Problem {
  const { library, capabilities } = claims;
  const { whole, own } = masksOf(library, c);
  const operator = library.operators.get(c.operator) as Operator;
  const stored = storedInputs(claims, c, whole, gradients, capabilities.pages?.append ?? false);
  const numeric = numericOf(library, c, capabilities);
  const inputs: Record<string, Float64Tensor> = {};
  const targeting = targetingOf(c, wholeDims(c), whole);
  const isLong = longInputs[c.values.distribution] !== undefined;
  for (const [name, input] of Object.entries(stored)) inputs[name] = asRead(input, numeric, isLong);
  const rows = judgedRows(c, whole);
  const counting = countingIn(c, wholeDims(c));
  return {
    case: c,
    ...(rows && { rows }),
    ...(targeting && { focus: focusOf(c, wholeDims(c), targeting, { q: inputs.q, k: inputs.k }) }),
    ...(isCodebook(c) && { codebook: codebookOf(c, wholeDims(c)) }),
    ...(counting && { counts: countsOf(c, wholeDims(c), counting, inputs.v) }),
    operator,
    inputs,
    mask: own,
    dialect: fullDialect(c.dialect),
    numeric,
  };
}

/** Draws the inputs of a case, rounded to storage, in layout bhld. */
export function storedInputs(
  claims: Claims,
  c: Case,
  mask: CompiledMask,
  gradients: boolean,
  append: boolean,
): Record<string, StoredInput> {
  const { library, capabilities } = claims;
  if (hasHistory(c)) return historyInputs(claims, c, biasShape(c, capabilities), append);
  const operator = library.operators.get(c.operator) as Operator;
  const run = tokenRunOf(c);
  if (run) {
    const whole = wholeOfRun(c, operator, run);
    const all = storedInputs(claims, whole, masksOf(library, whole).whole, gradients, append);
    return tokenRunInputs(claims, c, run, all, (earlier) => expectationOf(problemOf(claims, earlier), false).outputs);
  }
  return drawInputs(claims, c, mask, biasShape(c, capabilities), gradients ? cotangentsOf(capabilities, operator) : []);
}

/** Stored input that decodes rows when they are read, and all elements only for `data`. */
class StoredRows implements Float64Tensor, RowReader {
  readonly shape: readonly number[];
  readonly rows: RowReader = this;
  private whole: Float64Array | undefined;

  constructor(private readonly input: StoredInput) {
    this.shape = input.shape;
  }

  get data(): Float64Array {
    this.whole ??= decoded(this.input);
    return this.whole;
  }

  read(first: number, count: number, out: Float64Array, at: number): void {
    decodeRows(this.input, first, count, out, at);
  }
}

/** Decodes an input, or keeps its exact values with a bound. */
function asRead(input: StoredInput, numeric: NumericProfile, byRows: boolean): Float64Tensor {
  const { shape, exact } = input;
  if (!exact && shape.length > 1 && byRows) return new StoredRows(input);
  if (!exact) return { shape, data: decoded(input) };
  const { value, bound = fixedBounds(value, numeric) } = exact;
  return { shape, data: value, bound };
}

/** Marks of the judged rows, cut to the case's block; undefined if every row is judged. */
function judgedRows(c: Case, whole: CompiledMask): Uint8Array | undefined {
  const rows = sampledRows(c, wholeDims(c), whole);
  if (!rows || !c.block) return rows;
  const [start, end] = c.block.queries;
  const size = whole.m;
  return Uint8Array.from({ length: (rows.length / size) * (end - start) }, (_, at) => {
    const head = Math.floor(at / (end - start));
    return rows[head * size + start + (at % (end - start))];
  });
}

/** Built-in schemes, which merge in float64. A user's scheme may merge in any way. */
const ours = new Set(schemeDocuments.map(({ name }) => name));

/**
 * Numeric profile for a case. Under a scheme, partial results are merged: in float64 by built-in
 * schemes, in the accumulator by a user's.
 */
function numericOf(library: SpecLibrary, c: Case, capabilities: FullCapabilities): NumericProfile {
  const numeric = resolveNumeric(c.dtype, capabilities.numeric);
  if (!c.parallel) return numeric;
  const { scheme: name, ranks } = c.parallel;
  const { parts, copies } = partsOf(library, c);
  const merged = { ...numeric, parts, copies };
  if (ours.has(name) || ranks === 1 || (parts === 1 && !numeric.merge)) return merged;
  return { ...merged, merge: { form: numeric.merge?.form ?? 'weighted', steps: parts } };
}

function partsOf(library: SpecLibrary, c: Case): Pick<NumericProfile, 'parts' | 'copies'> {
  const { scheme: name, ranks } = c.parallel as Parallel;
  const scheme = library.schemes.get(name);
  if (scheme?.parts === undefined) return { parts: ranks > 1 ? 2 * ranks : 1, copies: 1 };
  const world = worldFor(library, c);
  return { parts: valueIn(world, scheme.parts), copies: valueIn(world, scheme.copies ?? 1) };
}
