import { bytes } from './compiled-loops.js';

/**
 * Matrix loops in WebAssembly with SIMD, on offsets in `numbers`. Rows and columns are padded with
 * zeros to multiples of 4. A panel holds four columns of b, side by side.
 */
export interface MatrixLoops {
  /** Memory of the loops; `reserve` replaces the array. */
  readonly numbers: Float64Array;
  reserve(count: number): void;
  /** c += a·b */
  multiply(size: BlockSize, a: Strided, b: Panels, c: Rows): void;
  /** c += a·|b| */
  multiplyAbsolute(size: BlockSize, a: Strided, b: Panels, c: Rows): void;
  /** c += Σ a·|b − mean|. @param mean offset of the means, one per element of c. */
  spread(size: BlockSize, a: Rows, b: Panels, mean: number, c: Rows): void;
}

export interface BlockSize {
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
}

/** Matrix with contiguous rows: offset and row stride. */
export interface Rows {
  readonly at: number;
  readonly row: number;
}

/** Matrix with a row stride and a column stride. */
export interface Strided extends Rows {
  readonly term: number;
}

/** Matrix of panels: offset and panel stride. */
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

const PAGE = 65536;

/** Memory above which the next caller gets new loops, to free a large problem's memory. */
const KEPT = 2 ** 26;

let compiled: { instantiate(): Exports } | undefined | null = null;
let kept: WebAssemblyLoops | undefined;

/** The loops, whose memory is the caller's until the next call. Undefined without SIMD. */
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
    // a page may forbid compilation
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
