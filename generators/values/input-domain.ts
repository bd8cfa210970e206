import { drawsWithNone } from '../../spec/operator/domain.js';
import type { InputFacts } from '../../spec/operator/facts.js';
import { type CodeFormat, codesOf } from '../../spec/tensor/code-format.js';
import { type DType, floatFormats } from '../../spec/tensor/dtype.js';
import { roundTo } from '../../spec/tensor/float-bits.js';
import type { Dims } from '../../spec/types/documents.js';

const dependent: ReadonlySet<InputFacts['draw']> = new Set([
  'tree',
  'simplex',
  'direction',
  'weights',
  'sorted',
  'once',
  'padded',
  'beyond',
  'unequal',
]);

/** True if drawn numbers are already in the domain of an input. */
export function isOfDomain({ kind, draw, scales }: Pick<InputFacts, 'kind' | 'draw' | 'scales'>): boolean {
  return kind === 'number' && scales === undefined && !dependent.has(draw);
}

/** Brings drawn numbers into a domain that depends on sizes, such as rows of sum 1, in place. */
export function settle(
  values: Float64Array,
  {
    kind,
    draw,
    once = false,
    of,
    format,
    packed,
    scales,
  }: Pick<InputFacts, 'kind' | 'draw' | 'of' | 'format' | 'packed' | 'scales'> & Partial<Pick<InputFacts, 'once'>>,
  shape: readonly number[],
  dims: Dims,
): void {
  if (kind === 'boolean') for (let i = 0; i < values.length; i++) values[i] = values[i] > 0 ? 1 : 0;
  else if (draw === 'tree') toParents(values, shape[shape.length - 1]);
  else if (kind === 'index') {
    toIndices(values, dims[of as string], drawsWithNone.has(draw) ? 1 : 0);
    if (draw === 'beyond') toNowhere(values, dims[of as string]);
    if (draw === 'sorted') sortRows(values, shape[shape.length - 1]);
    if (once) onceInRows(values, shape[shape.length - 1]);
  } else if (kind === 'code') toCodes(values, format as CodeFormat, draw, packed ?? false, largestScale(scales));
  else if (scales !== undefined) for (let i = 0; i < values.length; i++) values[i] *= largestScale(scales);
  else if (draw === 'simplex')
    divideRows(
      values,
      shape[shape.length - 1],
      (x) => x,
      (sum) => sum,
    );
  else if (draw === 'direction') divideRows(values, shape[shape.length - 1], (x) => x * x, Math.sqrt);
  else if (draw === 'weights' && shape.length > 1) for (let i = 0; i < values.length; i++) values[i] /= Math.sqrt(shape[shape.length - 2]);
}

/** Maps standard normal numbers to nearly uniform integers in [−padding, size). */
function toIndices(values: Float64Array, size: number, padding: number): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.floor(fraction(values[i]) * (size + padding)) - padding;
}

function toNowhere(values: Float64Array, size: number): void {
  const nowhere = [-1, size, 2 ** 31 - 1, -1, -(2 ** 31), size + 1];
  for (let i = 0; i < values.length; i++) if (values[i] === -1) values[i] = nowhere[i % nowhere.length];
}

/** Maps standard normal numbers to parents of nodes, row by row; every fourth row is a chain. */
function toParents(values: Float64Array, length: number): void {
  for (let start = 0; start < values.length; start += length) {
    const isChain = fraction(values[start]) < 1 / 4;
    for (let node = 0; node < length; node++)
      values[start + node] = isChain ? node - 1 : Math.floor(fraction(values[start + node]) * (node + 1)) - 1;
  }
}

function fraction(x: number): number {
  return x * 16 - Math.floor(x * 16);
}

/** Sorts each row in place. */
export function sortRows(values: Float64Array, length: number): void {
  for (let start = 0; start < values.length; start += length) values.subarray(start, start + length).sort();
}

/** Replaces repeated indices of a row by −1, in place. */
export function onceInRows(data: Float64Array, length: number): void {
  for (let start = 0; start < data.length; start += length) {
    const named = new Set<number>();
    for (let at = start; at < start + length; at++) {
      if (named.has(data[at])) data[at] = -1;
      named.add(data[at]);
    }
  }
}

/** Makes the stored numbers of each row distinct, in place: moves a repeated one away from 0. */
export function makeUnequal(values: Float64Array, length: number, dtype: DType): void {
  const step = 1 + 2 * floatFormats[dtype].roundoff;
  for (let start = 0; start < values.length; start += length) {
    const stored = new Set<number>();
    for (let at = start; at < start + length; at++) {
      let x = roundTo(dtype, values[at]);
      while (stored.has(x)) x = roundTo(dtype, x * step);
      stored.add(x);
      values[at] = x;
    }
  }
}

/** Largest scale drawn for codes of a format, making their largest number 8; 1 without a format. */
function largestScale(format: CodeFormat | undefined): number {
  if (format === undefined) return 1;
  const { finite, decode } = codesOf(format);
  return 8 / finite.reduce((largest, code) => Math.max(largest, Math.abs(decode(code))), 0);
}

function toCodes(values: Float64Array, format: CodeFormat, draw: InputFacts['draw'], packed: boolean, largest: number): void {
  const { finite, decode, encode } = codesOf(format);
  const codes = finite.filter((code) => {
    const x = decode(code);
    if (draw === 'scale') return code === encode(0, 'even', 'saturate') ? x === 0 : largest / 2 ** 12 <= x && x <= largest;
    return draw !== 'positive' || (x >= 0 && !Object.is(x, -0));
  });
  // every byte of two codes is valid: each four-bit code is a number
  const count = packed ? 256 : codes.length;
  for (let i = 0; i < values.length; i++) values[i] = packed ? values[i] % count : codes[values[i] % count];
}

function divideRows(values: Float64Array, length: number, term: (x: number) => number, f: (sum: number) => number): void {
  for (let start = 0; start < values.length; start += length) {
    let sum = 0;
    for (let i = start; i < start + length; i++) sum += term(values[i]);
    const by = f(sum);
    for (let i = start; i < start + length; i++) values[i] /= by;
  }
}

/**
 * Another value of the domain, far enough to exceed any bound. The first node of a tree stays.
 * @param size size of an index's axis.
 * @param place index of the element along its last axis.
 */
export function otherValue(
  x: number,
  { kind, draw, format, packed }: Pick<InputFacts, 'kind' | 'draw' | 'format' | 'packed'>,
  size: number,
  place: number,
): number {
  if (kind === 'boolean') return 1 - x;
  if (kind === 'code') return otherCode(x, format as CodeFormat, packed ?? false);
  if (draw === 'tree') return x < 0 ? place - 1 : -1;
  // transformValues sorts again, which raises later segments too
  if (kind === 'index') return draw === 'sorted' ? Math.min(x + 1, size - 1) : (x + 1) % size;
  switch (draw) {
    // slopes stay small: a distance multiplies them
    case 'slope':
      return x < 0 ? x - 0.25 : x + 0.25;
    case 'unit':
    case 'simplex':
      return x < 0.5 ? x + 0.5 : x - 0.5;
    case 'to-two':
      return x < 1 ? x + 1 : x - 1;
    case 'non-negative':
    case 'positive':
      return x + 8;
    // a scale keeps its sign, and is not 0
    case 'scale':
    case 'power':
    case 'signed-scale':
      return x * 8;
    case 'log-decay':
      return x - 1;
    case 'table':
      return x < 0 ? x + 1 : x - 1;
    case 'small':
    case 'weights':
    case 'direction':
      return x < 0 ? x - 1 : x + 1;
    default:
      return x < 0 ? x - 8 : x + 8;
  }
}

/** Code of a number, in both halves of a byte if a byte holds two. */
export function codeFor(x: number, { format, packed }: Pick<InputFacts, 'format' | 'packed'>): number {
  const code = codesOf(format as CodeFormat).encode(x, 'even', 'saturate');
  return packed ? code * 17 : code;
}

/** Code of another number: the largest, or 0 for a number near the largest. */
function otherCode(x: number, format: CodeFormat, packed: boolean): number {
  if (packed) return (x + 0x77) % 256;
  const { decode, encode } = codesOf(format);
  const largest = encode(format === 'e8m0' ? 4 : 2 ** 40, 'even', 'saturate');
  return Math.abs(decode(x)) < decode(largest) / 2 ? largest : encode(0, 'even', 'saturate');
}
