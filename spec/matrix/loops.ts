import { bytes } from './compiled-loops.js';

/**
 * Loops over blocks of matrices in WebAssembly with SIMD. Numbers are read and written in `numbers`, at offsets; rows and columns are multiples of 4, so
 * that callers pad with zeros. A `panel` is what four columns of b hold: four numbers for each term, side by side.
 */
export interface MatrixLoops {
  /** Memory of the loops: another array, with the same numbers, after `reserve`. */
  readonly numbers: Float64Array;
  /** Makes room for at least this many numbers. */
  reserve(count: number): void;
  /** c += a·b */
  multiply(size: BlockSize, a: Strided, b: Panels, c: Rows): void;
  /** c += a·|b| */
  multiplyAbsolute(size: BlockSize, a: Strided, b: Panels, c: Rows): void;
  /** c += Σ a·|b − mean|, where each row has a mean of its own. @param mean offset of the means, in rows as long as those of c. */
  spread(size: BlockSize, a: Rows, b: Panels, mean: number, c: Rows): void;
}

export interface BlockSize {
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
}

/** A matrix by the offset of its first number and the distance between neighbours in a column. */
export interface Rows {
  readonly at: number;
  readonly row: number;
}

/** A matrix by the distances between neighbours in a column and in a row. */
export interface Strided extends Rows {
  readonly term: number;
}

/** A matrix of panels, by the distance between two of them. */
export interface Panels {
  readonly at: number;
  readonly panel: number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  multiply(...sizesAndAddresses: number[]): void;
  multiplyAbsolute(...sizesAndAddresses: number[]): void;
  spread(...sizesAndAddresses: number[]): void;
}

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65536;

/** Memory beyond which the next user gets new loops, so that one large problem does not hold it for good. */
const KEPT = 2 ** 26;

let compiled: { instantiate(): Exports } | undefined | null = null;
let kept: WebAssemblyLoops | undefined;

/**
 * The loops, with memory that whoever asks may use until the next one asks.
 * @returns undefined where there is no WebAssembly, or none with SIMD: there the loops of TypeScript do.
 */
export function matrixLoops(): MatrixLoops | undefined {
  if (compiled === null) compiled = compile();
  if (!compiled) return undefined;
  if (!kept || kept.numbers.byteLength > KEPT) kept = new WebAssemblyLoops(compiled.instantiate());
  return kept;
}

function compile(): { instantiate(): Exports } | undefined {
  try {
    const code = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
    if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(code)) return undefined;
    const module = new WebAssembly.Module(code);
    return { instantiate: () => new WebAssembly.Instance(module).exports as unknown as Exports };
  } catch {
    // a page may forbid to compile
    return undefined;
  }
}

class WebAssemblyLoops implements MatrixLoops {
  numbers: Float64Array;

  constructor(private readonly loops: Exports) {
    this.numbers = new Float64Array(loops.memory.buffer);
  }

  reserve(count: number): void {
    if (count <= this.numbers.length) return;
    const { memory } = this.loops;
    memory.grow(Math.ceil((count * 8 - memory.buffer.byteLength) / PAGE));
    this.numbers = new Float64Array(memory.buffer);
  }

  multiply({ rows, columns, terms }: BlockSize, a: Strided, b: Panels, c: Rows): void {
    this.loops.multiply(rows, columns, terms, 8 * a.at, 8 * a.row, 8 * a.term, 8 * b.at, 8 * b.panel, 8 * c.at, 8 * c.row);
  }

  multiplyAbsolute({ rows, columns, terms }: BlockSize, a: Strided, b: Panels, c: Rows): void {
    this.loops.multiplyAbsolute(rows, columns, terms, 8 * a.at, 8 * a.row, 8 * a.term, 8 * b.at, 8 * b.panel, 8 * c.at, 8 * c.row);
  }

  spread({ rows, columns, terms }: BlockSize, a: Rows, b: Panels, mean: number, c: Rows): void {
    this.loops.spread(rows, columns, terms, 8 * a.at, 8 * a.row, 8 * b.at, 8 * b.panel, 8 * mean, 8 * c.at, 8 * c.row);
  }
}
