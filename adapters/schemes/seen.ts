import type { CompiledMask } from '../../spec/mask/compiled-mask.js';
import { pickMask } from '../../spec/mask/pick.js';
import { type Positions, placesOf } from '../../spec/scheme/positions.js';

/** Which of the keys at these places some query at those places sees, in any head and batch entry: their numbers among the keys, ascending. */
export function keysSeen(mask: CompiledMask, queries: readonly Positions[], keys: readonly Positions[]): Int32Array {
  const seen = new Uint8Array(placesOf(keys).length);
  eachRow(mask, queries, keys, (_, runs, count) => {
    for (let x = 0; x < count; x++) seen.fill(1, runs[2 * x], runs[2 * x + 1]);
  });
  return numbersOf(seen);
}

/** Which of the queries at these places see a key at those places, in any head and batch entry: their numbers among the queries, ascending. */
export function queriesSeeing(mask: CompiledMask, queries: readonly Positions[], keys: readonly Positions[]): Int32Array {
  const seeing = new Uint8Array(placesOf(queries).length);
  eachRow(mask, queries, keys, (i, _, count) => {
    if (count > 0) seeing[i] = 1;
  });
  return numbersOf(seeing);
}

function eachRow(
  mask: CompiledMask,
  queries: readonly Positions[],
  keys: readonly Positions[],
  visit: (i: number, runs: Int32Array, count: number) => void,
): void {
  const picked = pickMask(mask, placesOf(queries), placesOf(keys));
  const runs = new Int32Array(picked.n + 2);
  for (let b = 0; b < (picked.perBatch ? picked.b : 1); b++) {
    for (let h = 0; h < (picked.perHead ? picked.heads : 1); h++) {
      for (let i = 0; i < picked.m; i++) visit(i, runs, picked.runs(b, h, i, runs));
    }
  }
}

function numbersOf(marks: Uint8Array): Int32Array {
  const numbers: number[] = [];
  marks.forEach((mark, x) => {
    if (mark) numbers.push(x);
  });
  return Int32Array.from(numbers);
}
