import { contiguousData, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';

/*
 * Outputs of the ranks of somebody else's job, added to the outputs of rank 0. The outputs of a rank that
 * differ from those of rank 0 are named rank1.o, rank1.lse, …; `unseen`, i32 [1], counts the ranks that gave
 * none.
 */

const UNSEEN = 'unseen';
const ofSomeRank = /^rank(\d+)\.(.*)$/;
const told: ReadonlySet<string> = new Set(['sent', 'received', 'area', 'messages', 'nanoseconds', 'restored']);
const OWNER = 'owner.';

/** Tells whether a tensor of this name describes all ranks of a job: it is no output. */
export function describesRanks(name: string): boolean {
  return told.has(name) || name.startsWith(OWNER);
}

/** Name of the tensor, i32 [size], that tells of each place of an axis which rank's shard of the outputs has it. */
export function ownerName(axis: string): string {
  return `${OWNER}${axis}`;
}

/**
 * Returns the outputs of rank 0, with those of the ranks that differ from it in a bit, a shape, a
 * dtype or a name.
 * @param others outputs of ranks 1 and up; undefined if a rank gave none.
 */
export function withRanks(first: Tensors, others: readonly (Tensors | undefined)[]): Tensors {
  const deviating: Tensors = {};
  for (const [at, outputs] of others.entries()) {
    if (!outputs || sameTensors(first, outputs)) continue;
    // A rank that gave no tensors at all is known by this name alone.
    deviating[`rank${at + 1}.`] = tensor('bool', [0]);
    for (const [name, t] of Object.entries(outputs)) deviating[`rank${at + 1}.${name}`] = t;
  }
  const unseen = others.filter((outputs) => outputs === undefined).length;
  return { ...first, ...deviating, ...(unseen > 0 && { [UNSEEN]: tensor('i32', [1], Int32Array.of(unseen)) }) };
}

/** Tells whether some rank's outputs were not there to be seen. */
export function hasUnseenRanks(outputs: Readonly<Record<string, unknown>>): boolean {
  return UNSEEN in outputs;
}

/** Returns the ranks that gave other outputs than rank 0 in some of the calls, in ascending order. */
export function deviatingRanks(results: readonly Tensors[]): number[] {
  const ranks = results.flatMap((outputs) => Object.keys(outputs).flatMap((name) => ofSomeRank.exec(name)?.[1] ?? []));
  return [...new Set(ranks.map(Number))].sort((a, b) => a - b);
}

/**
 * Result of a call on one rank: its own outputs if they differ from those of rank 0, and the
 * tensors that describe all ranks of the job.
 */
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
