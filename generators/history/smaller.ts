import type { Flat } from '../lib/flat.js';
import { kinds, SEQUENCES } from './operations.js';

/** Simpler histories: other sequence numbers, or tokens moved to later calls. */
export function* simplerHistories(flat: Flat): Generator<Flat> {
  yield* otherNames(flat);
  yield* laterTokens(flat);
}

function* otherNames(flat: Flat): Generator<Flat> {
  const operations = Array.from({ length: flat.operations }, (_, i) => i);
  const least = Math.min(...operations.map((i) => flat[`sequence${i}`]));
  if (least > 0) yield { ...flat, ...Object.fromEntries(operations.map((i) => [`sequence${i}`, flat[`sequence${i}`] - least])) };
  const several = operations.filter((i) => flat[`count${i}`] > 1);
  // all calls together first: a fault may depend on the batch index
  for (const some of [several, ...several.map((i) => [i])]) if (some.length > 0) yield withoutFirst(flat, some);
  const renamed = inOrderOfAppearance(flat, operations);
  if (renamed) yield renamed;
}

function withoutFirst(flat: Flat, calls: readonly number[]): Flat {
  const fields = calls.flatMap((i) => [[`sequence${i}`, flat[`sequence${i}`] + 1] as const, [`count${i}`, flat[`count${i}`] - 1] as const]);
  return { ...flat, ...Object.fromEntries(fields) };
}

/** Undefined if a call has several sequences, numbered consecutively, or if no number changes. */
function inOrderOfAppearance(flat: Flat, operations: readonly number[]): Flat | undefined {
  const names = new Map<number, number>();
  const nameOf = (sequence: number) => {
    if (!names.has(sequence)) names.set(sequence, names.size);
    return names.get(sequence) as number;
  };
  const renamed: Record<string, number> = { ...flat };
  for (const i of operations) {
    const [kind, sequence, count] = [kinds[flat[`kind${i}`]], flat[`sequence${i}`] % SEQUENCES, flat[`count${i}`]];
    if (kind === 'append' && count > 1) return undefined;
    renamed[`sequence${i}`] = nameOf(sequence);
    if (kind === 'fork') renamed[`count${i}`] = (nameOf((sequence + count) % SEQUENCES) - nameOf(sequence) + SEQUENCES) % SEQUENCES;
  }
  return operations.some((i) => renamed[`sequence${i}`] !== flat[`sequence${i}`] || renamed[`count${i}`] !== flat[`count${i}`])
    ? renamed
    : undefined;
}

function* laterTokens(flat: Flat): Generator<Flat> {
  for (let i = 0; i < flat.operations - 1; i++) {
    const [here, next] = [`tokens${i}`, `tokens${i + 1}`];
    for (const moved of new Set([flat[here] - 1, 1]))
      if (moved > 0 && flat[here] > moved) yield { ...flat, [here]: flat[here] - moved, [next]: flat[next] + moved };
  }
}
