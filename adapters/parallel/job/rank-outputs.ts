import { contiguousData, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';

/*
 * Outputs of ranks of a user's job, beside rank 0's: rank1.o, rank1.lse, … if they differ from rank
 * 0; `unseen`, i32 [1], counts ranks without outputs.
 */

const UNSEEN = 'unseen';
const ofSomeRank = /^rank(\d+)\.(.*)$/;
const told: ReadonlySet<string> = new Set(['sent', 'received', 'area', 'messages', 'nanoseconds', 'restored']);
const OWNER = 'owner.';

/** Returns true for tensors that describe all ranks instead of being outputs. */
export function describesRanks(name: string): boolean {
  return told.has(name) || name.startsWith(OWNER);
}

/** Returns the name of an axis's owner tensor, i32 [size], the rank of each index. */
export function ownerName(axis: string): string {
  return `${OWNER}${axis}`;
}

/** Adds outputs of ranks 1 and up that differ from rank 0 in a bit, shape, dtype or name. */
export function withRanks(first: Tensors, others: readonly (Tensors | undefined)[]): Tensors {
  const deviating: Tensors = {};
  for (const [at, outputs] of others.entries()) {
    if (!outputs || sameTensors(first, outputs)) continue;
    // marks a rank that gave no tensors at all
    deviating[`rank${at + 1}.`] = tensor('bool', [0]);
    for (const [name, t] of Object.entries(outputs)) deviating[`rank${at + 1}.${name}`] = t;
  }
  const unseen = others.filter((outputs) => outputs === undefined).length;
  return { ...first, ...deviating, ...(unseen > 0 && { [UNSEEN]: tensor('i32', [1], Int32Array.of(unseen)) }) };
}

/** Returns true if some rank's outputs are missing. */
export function hasUnseenRanks(outputs: Readonly<Record<string, unknown>>): boolean {
  return UNSEEN in outputs;
}

/** Returns the ranks that deviated from rank 0 in some call, ascending. */
export function deviatingRanks(results: readonly Tensors[]): number[] {
  const ranks = results.flatMap((outputs) => Object.keys(outputs).flatMap((name) => ofSomeRank.exec(name)?.[1] ?? []));
  return [...new Set(ranks.map(Number))].sort((a, b) => a - b);
}

/** Returns a rank's outputs, and the tensors that describe all ranks. */
export function ofRank(outputs: Tensors, rank: number): Tensors {
  const all = Object.entries(outputs);
  const ofOthers = (name: string) => name === UNSEEN || ofSomeRank.test(name);
  const prefix = `rank${rank}.`;
  if (!(prefix in outputs)) return Object.fromEntries(all.filter(([name]) => !ofOthers(name)));
  const own = all.filter(([name]) => name.startsWith(prefix) && name !== prefix).map(([name, t]) => [name.slice(prefix.length), t]);
  return Object.fromEntries([...all.filter(([name]) => describesRanks(name)), ...own]);
}

function sameTensors(a: Tensors, b: Tensors): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => b[name] !== undefined && sameBits(a[name], b[name]));
}

function sameBits(a: Tensor, b: Tensor): boolean {
  if (a === b) return true;
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length || a.shape.some((size, axis) => size !== b.shape[axis])) return false;
  const [x, y] = [a, b]
    .map((t) => contiguousData(t))
    .map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  return x.every((byte, i) => byte === y[i]);
}
