/*
 * Memory that computations use again. A typed array of its own costs two to three microseconds, most of them to free it, and lies in memory that no
 * cache holds; a program of fifty nodes makes some hundred for one case.
 */

/** Bytes that are kept, and those of an array that is always made for itself. */
const MOST = { kept: 2 ** 25, array: 2 ** 20 };

/** Blocks that arrays lie in, one after another. */
const blocks: ArrayBuffer[] = [];
let kept = 0;
let depth = 0;
/** Where the next array begins: its block, and its byte in it. */
let block = 0;
let at = 0;

/**
 * Runs a computation whose arrays of `floats` and `bytes` are not used after it: what it returns must not contain any.
 * @returns what the computation returns.
 */
export function withScratch<T>(compute: () => T): T {
  const before = { block, at };
  depth++;
  try {
    return compute();
  } finally {
    depth--;
    ({ block, at } = before);
  }
}

/** Makes an array of zeros: inside of `withScratch`, in memory that is used again. */
export function floats(length: number): Float64Array {
  const buffer = reserve(8 * length);
  return buffer ? new Float64Array(buffer, at - room(8 * length), length).fill(0) : new Float64Array(length);
}

/** Makes an array of zeros, as `floats`. */
export function bytes(length: number): Uint8Array {
  const buffer = reserve(length);
  return buffer ? new Uint8Array(buffer, at - room(length), length).fill(0) : new Uint8Array(length);
}

/** Copies numbers to an array, as `floats`. */
export function copyOf(values: Float64Array): Float64Array {
  const length = values.length;
  const buffer = reserve(8 * length);
  if (!buffer) return values.slice();
  const copy = new Float64Array(buffer, at - room(8 * length), length);
  copy.set(values);
  return copy;
}

/** Bytes that an array takes, so that the next one begins where an element of either kind may. */
function room(size: number): number {
  return (size + 7) & ~7;
}

/** Returns the block in which the bytes before `at` are those of the next array; undefined where it is made for itself. */
function reserve(size: number): ArrayBuffer | undefined {
  // V8 keeps up to 64 bytes in the array itself
  if (depth === 0 || size <= 64 || size > MOST.array) return undefined;
  const needed = room(size);
  if (block < blocks.length && at + needed > blocks[block].byteLength) {
    block++;
    at = 0;
  }
  if (block === blocks.length) {
    if (kept >= MOST.kept) return undefined;
    blocks.push(new ArrayBuffer(MOST.array));
    kept += MOST.array;
  }
  at += needed;
  return blocks[block];
}
