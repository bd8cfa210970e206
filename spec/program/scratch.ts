// Reusable memory: a new typed array costs 2 to 3 µs, mostly to free it, and is in no cache.

/** Bytes kept in all, and per block; a larger array is not pooled. */
const MOST = { kept: 2 ** 25, array: 2 ** 20 };

const blocks: ArrayBuffer[] = [];
let inside = false;
let block = 0;
let at = 0;
/** Objects made for a key; inside `withScratch` their arrays may lie in blocks. */
let memo = new WeakMap<object, object>();

/** Runs a computation with pooled arrays; its result must not contain pooled arrays. */
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

/** Memoises by key; inside `withScratch` per computation, so that it may hold pooled arrays. */
export function madeFor<T extends object>(key: object, make: () => T): T {
  let made = memo.get(key) as T | undefined;
  if (!made) {
    made = make();
    memo.set(key, made);
  }
  return made;
}

/** Zeros, pooled inside `withScratch`. */
export function floats(length: number): Float64Array {
  const from = reserve(8 * length);
  return from === undefined ? new Float64Array(length) : new Float64Array(blocks[block], from, length).fill(0);
}

/** Zeros, pooled inside `withScratch`. */
export function bytes(length: number): Uint8Array {
  const from = reserve(length);
  return from === undefined ? new Uint8Array(length) : new Uint8Array(blocks[block], from, length).fill(0);
}

/** Uninitialised integers, pooled inside `withScratch`. */
export function integers(length: number): Int32Array {
  const from = reserve(4 * length);
  return from === undefined ? new Int32Array(length) : new Int32Array(blocks[block], from, length);
}

/** Copy, pooled inside `withScratch`. */
export function copyOf(values: Float64Array): Float64Array {
  const copy = floats(values.length);
  copy.set(values);
  return copy;
}

/** Reserves bytes of a block and returns their offset; undefined if the array is not pooled. */
function reserve(size: number): number | undefined {
  // V8 stores up to 64 bytes in the array itself
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
  at += (size + 7) & ~7;
  return from;
}
