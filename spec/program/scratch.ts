/*
 * Memory that computations use again. A typed array of its own costs two to three microseconds, most of them to free it, and lies in memory that no
 * cache holds; a program of fifty nodes makes some hundred for one case.
 */

/** Bytes that are kept at most, and those of a block: larger arrays are made for themselves. */
const MOST = { kept: 2 ** 25, array: 2 ** 20 };

/** Blocks that arrays lie in, one after another. */
const blocks: ArrayBuffer[] = [];
/** True while a computation runs whose arrays lie in blocks. */
let inside = false;
/** Place of the next array: its block, and its byte in it. */
let block = 0;
let at = 0;
/** Things that the computation has made for an object, whose arrays may lie in blocks; outside of one, all that were ever made. */
let memo = new WeakMap<object, object>();

/**
 * Runs a computation whose arrays of `floats` and `bytes` are not used after it: what it returns must not contain any.
 * @returns what the computation returns.
 */
export function withScratch<T>(compute: () => T): T {
  const before = { inside, block, at, memo };
  inside = true;
  memo = new WeakMap();
  try {
    return compute();
  } finally {
    ({ inside, block, at, memo } = before);
  }
}

/** Returns what was made for an object, or makes it: inside of `withScratch`, once for each computation, so that it may hold arrays of `integers`. */
export function madeFor<T extends object>(key: object, make: () => T): T {
  let made = memo.get(key) as T | undefined;
  if (!made) {
    made = make();
    memo.set(key, made);
  }
  return made;
}

/** Makes an array of zeros: inside of `withScratch`, in memory that is used again. */
export function floats(length: number): Float64Array {
  const from = reserve(8 * length);
  return from === undefined ? new Float64Array(length) : new Float64Array(blocks[block], from, length).fill(0);
}

/** Makes an array of zeros, as `floats`. */
export function bytes(length: number): Uint8Array {
  const from = reserve(length);
  return from === undefined ? new Uint8Array(length) : new Uint8Array(blocks[block], from, length).fill(0);
}

/** Makes an array of whole numbers, as `floats`, that need not be zeros. */
export function integers(length: number): Int32Array {
  const from = reserve(4 * length);
  return from === undefined ? new Int32Array(length) : new Int32Array(blocks[block], from, length);
}

/** Copies numbers to an array, as `floats`. */
export function copyOf(values: Float64Array): Float64Array {
  const copy = floats(values.length);
  copy.set(values);
  return copy;
}

/** Takes the next bytes for an array. @returns the first one's place in the block; undefined where the array is made for itself. */
function reserve(size: number): number | undefined {
  // V8 keeps up to 64 bytes in the array itself
  if (!inside || size <= 64 || size > MOST.array) return undefined;
  if (block < blocks.length && at + size > MOST.array) {
    block++;
    at = 0;
  }
  if (block === blocks.length) {
    if (blocks.length * MOST.array >= MOST.kept) return undefined;
    blocks.push(new ArrayBuffer(MOST.array));
  }
  const from = at;
  // the next array begins where an element of either kind may
  at += (size + 7) & ~7;
  return from;
}
