import type { Claims } from '../../spec/claims/claims.js';
import { fixedValue } from '../../spec/claims/fixed.js';
import { hashOf } from '../../spec/lib/hash.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import {
  axesOf,
  belongsToKeys,
  factsWith,
  flatAxesOf,
  hasRowsOfQueries,
  type InputFacts,
  inputsOf,
  queryAxisOf,
} from '../../spec/operator/facts.js';
import { fixedElements } from '../../spec/operator/fixed-elements.js';
import { shapeOfAxes } from '../../spec/operator/layout.js';
import { rowsPerValues } from '../../spec/operator/read-out.js';
import { encodeAll } from '../../spec/tensor/float-bits.js';
import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import { accentOf } from './accents.js';
import { classWriter, isCodebook } from './codebook/codebook.js';
import { cotangentRows } from './cotangent-rows.js';
import { countingIn, switchWriter } from './counted/counting.js';
import { leavesDistinct, recipes } from './distributions.js';
import { inTurn, type RowWriter, rowCount, rowDraw } from './draw-rows.js';
import { DrawnInput, rowType } from './drawn-input.js';
import { type DrawName, inputDraws } from './element.js';
import { isOfDomain, makeUnequal, settle } from './input-domain.js';
import { hiddenFromAll, hiddenInAll, hiddenSlots, poison, poisonValue } from './poison.js';
import { isMain, type StoredInput, slice, store, storedNumbers } from './stored-input.js';
import { signatureWriter, writeSinks } from './targeted/signatures.js';
import { type Targeting, targetingOf } from './targeted/targeting.js';
import { transformValues } from './transform.js';
import type { WholeDims } from './whole-dims.js';

/** Writer of a long-sequence distribution into drawn rows; undefined if an input stays as drawn. */
function longWriter(c: Case, dims: WholeDims, name: string, targeting: Targeting | undefined): RowWriter | undefined {
  if (targeting) return signatureWriter(c, dims, targeting, name);
  if (isCodebook(c)) return classWriter(c, dims, name);
  const counting = countingIn(c, dims);
  return counting && switchWriter(c, dims, counting, name);
}

/** Sizes of the whole problem, of which the case may be a block. */
export function wholeDims(c: Case): WholeDims {
  const { b, hk, g, d, e } = c.dims;
  const [m, n] = c.block?.whole ?? [c.dims.m, c.dims.n];
  return { b, hk, heads: hk * g, m, n, d, e };
}

/** Draws the inputs of a case, rounded to storage. A block's inputs are cut from the whole's. */
export function drawInputs(
  { library, capabilities }: Claims,
  c: Case,
  mask: CompiledMask,
  biasShape: readonly number[],
  cotangents: readonly string[],
): Record<string, StoredInput> {
  const operator = library.operators.get(c.operator) as Operator;
  const dims = wholeDims(c);
  const inputs: Record<string, StoredInput> = {};
  const targeting = targetingOf(c, dims, mask);
  const value = poisonValue(c);
  const hidden = value === undefined ? undefined : hiddenSlots(c, dims, mask);
  for (const [name, described] of Object.entries(inputsOf(operator))) {
    if (described.optional && c.options[name] !== true) continue;
    const facts = factsWith(described, c.options);
    const shape = name === 'bias' && facts.optional ? biasShape : shapeOf(c, dims, facts.axes);
    const expression = fixedValue(capabilities, operator, name);
    if (expression !== undefined) {
      const value = fixedElements(expression, facts.axes, shape);
      inputs[name] = { ...store(c, name, shape, Float64Array.from(value), facts), exact: { value } };
      continue;
    }
    const write = longWriter(c, dims, name, targeting);
    const accent = isMain(name) && takesAccents(c, name, facts) ? accentOf(c, name) : undefined;
    const sinks = name === 'sink' && targeting;
    const stored = accent || sinks || !isOfDomain(facts) ? undefined : rowType(c, name, facts);
    const draw = rowDraw(c, name, shape, drawOf(c, name, facts), stored);
    if (stored) {
      // key signatures are ±1, which every type holds exactly
      inputs[name] = new DrawnInput(stored, shape, inTurn(draw, write), !write || (targeting !== undefined && name === 'k'));
      continue;
    }
    const values = drawValues(shape, draw);
    settle(values, facts, shape, c.dims);
    if (facts.draw === 'unequal') makeUnequal(values, shape[shape.length - 1], storedNumbers(c, name, facts));
    accent?.(c, dims, values);
    if (sinks) writeSinks(sinks, values);
    write?.(0, rowCount(shape), values, 0);
    transformValues(c, name, shape, values, facts);
    const slots = hidden && belongsToKeys(operator, name) ? slotsOf(facts.axes, shape, hidden, dims) : undefined;
    if (slots && value !== undefined) {
      const shared = c.views?.[name]?.step === 0;
      const width = sizeOf(shape) / slots.length;
      poison(values, width, shared ? hiddenInAll(slots, dims.b) : slots, value);
    }
    inputs[name] = store(c, name, shape, values, facts);
  }
  for (const output of cotangents) inputs[`d${output}`] = cotangentOf(c, dims, output, operator, mask);
  return c.block ? cut(c, operator, inputs) : inputs;
}

/** Cotangent of an output; zero in rows that are not judged. */
function cotangentOf(c: Case, dims: WholeDims, output: string, operator: Operator, mask: CompiledMask): StoredInput {
  const name = `d${output}`;
  const shape = shapeOf(c, dims, operator.outputs[output]);
  const rows = cotangentRows(c, dims, mask, hasRowsOfQueries(operator, output));
  const { queries } = c.values;
  const isDrawn = queries === undefined;
  const stored = isDrawn && output === 'o' && (!rows || rows.length === rowCount(shape)) ? rowType(c, name, plainNumbers) : undefined;
  const draw = isDrawn
    ? inTurn(rowDraw(c, name, shape, 'normal', stored), output === 'o' ? oneColumn(c, shape) : undefined)
    : oneHotRows(
        output === 'o' ? queries : undefined,
        shape,
        rowsPerValues(operator, { dims: { ...c.dims, m: dims.m, n: dims.n } }) as number,
      );
  if (stored) return new DrawnInput(stored, shape, inTurn(draw, rows && zeroRows(rows, shape)), true);
  const values = drawValues(shape, draw);
  transformValues(c, name, shape, values, plainNumbers);
  if (rows) zeroRows(rows, shape)(0, rows.length, values, 0);
  if (output !== 'lse') return store(c, name, shape, values, plainNumbers);
  const dtype = c.dtype === 'f64' ? 'f64' : 'f32';
  return { dtype, shape, data: encodeAll(dtype, values) };
}

const plainNumbers: Pick<InputFacts, 'kind' | 'draw' | 'stored'> = { kind: 'number', draw: 'normal' };

/** True if `accentOf` applies to an input: q, k and v with the usual axes. */
function takesAccents({ values: { columns } }: Case, name: string, { axes, draw, kind }: InputFacts): boolean {
  // codes are no numbers, and other draws keep their domain
  if (kind === 'code' || draw !== 'normal') return false;
  if (name === 'v' && columns !== undefined) return axes.slice(-2).join() === 'n,e';
  const rows = axes.slice(0, -1).join();
  if (name === 'q') return axes.at(-1) === 'd' && (rows === 'b,hk,g,m' || rows === 'b,hk,g,n');
  return rows === 'b,hk,n' && axes.at(-1) === (name === 'k' ? 'd' : 'e');
}

function shapeOf({ dims }: Case, { m, n }: WholeDims, axes: readonly string[]): number[] {
  return shapeOfAxes(axes, { dims: { ...dims, m, n } });
}

function drawOf(c: Case, name: string, { draw, kind }: InputFacts): DrawName {
  if (kind === 'code') return 'code';
  const { distribution } = c.values;
  const follows = draw === 'normal' || (draw === 'distinct' && leavesDistinct.has(distribution));
  return follows && isMain(name) ? recipes[distribution][name] : inputDraws[draw];
}

/** Reused memory for the values of one tensor. Allocating takes longer than drawing. */
let scratch = new Float64Array(1 << 12);

function scratchOf(size: number): Float64Array {
  if (scratch.length < size) scratch = new Float64Array(Math.max(size, 2 * scratch.length));
  return scratch.subarray(0, size);
}

/** Draws the values of a tensor. @returns values that are valid until the next tensor is drawn. */
function drawValues(shape: readonly number[], draw: RowWriter): Float64Array {
  const out = scratchOf(sizeOf(shape));
  draw(0, rowCount(shape), out, 0);
  return out;
}

/** Makes cotangent rows one-hot for every fourth seed: a gradient of one output element per row. */
function oneColumn({ values: { seed } }: Case, shape: readonly number[]): RowWriter | undefined {
  if (seed % 4 !== 3) return undefined;
  const e = shape[shape.length - 1];
  return (first, count, out, to) => {
    for (let row = first, at = to; row < first + count; row++, at += e) {
      const keep = hashOf(seed, row) % e;
      for (let x = 0; x < e; x++) if (x !== keep) out[at + x] = 0;
    }
  };
}

/** Writes a 1 in column x of query `first` + x of each key head, and 0 elsewhere. */
function oneHotRows(first: number | undefined, shape: readonly number[], queries: number): RowWriter {
  const width = shape.at(-1) ?? 1;
  return (from, count, out, to) => {
    out.fill(0, to, to + count * width);
    if (first === undefined) return;
    for (let row = 0; row < count; row++) {
      const x = ((from + row) % queries) - first;
      if (x >= 0 && x < width) out[to + row * width + x] = 1;
    }
  };
}

function zeroRows(judged: Uint8Array, shape: readonly number[]): RowWriter {
  const width = sizeOf(shape) / judged.length;
  return (first, count, out, to) => {
    for (let r = 0; r < count; r++) if (!judged[first + r]) out.fill(0, to + r * width, to + (r + 1) * width);
  };
}

/**
 * Slots of a tensor hidden from its key head ([b, hk, n, …], also with axes of size 1 left out) or
 * from every head ([b, …, n, …]); undefined for any other tensor.
 */
function slotsOf(axes: readonly string[], shape: readonly number[], hidden: Uint8Array, dims: WholeDims): Uint8Array | undefined {
  const flat = flatAxesOf(axes);
  const key = flat.indexOf('n');
  const rows = flat.slice(0, key + 1).join();
  if (sizeOf(shape.slice(0, key + 1)) === hidden.length && ['b,hk,n', 'b,n', 'hk,n', 'n'].includes(rows)) return hidden;
  return flat[0] === 'b' ? hiddenFromAll(hidden, dims, sizeOf(shape.slice(1, key))) : undefined;
}

function cut(c: Case, operator: Operator, inputs: Record<string, StoredInput>): Record<string, StoredInput> {
  const { queries, keys } = c.block as NonNullable<Case['block']>;
  // if queries and keys share an axis, it belongs to the queries in these tensors
  const shared = queryAxisOf(operator) === 'n' ? ['q', 'do', 'dlse'] : [];
  const out: Record<string, StoredInput> = {};
  for (const [name, input] of Object.entries(inputs)) {
    let part = input;
    for (const [at, axis] of flatAxesOf(axesOf(operator, name) ?? []).entries()) {
      const range = axis === 'm' || (axis === 'n' && shared.includes(name)) ? queries : axis === 'n' ? keys : undefined;
      if (range && part.shape[at] > 1) part = slice(part, at, range);
    }
    out[name] = part;
  }
  return out;
}
