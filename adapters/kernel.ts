import type { Tensors } from '../spec/tensor/tensor.js';
import type { Case } from '../spec/types/documents.js';

/**
 * One problem, with its tensors, for layout bhld: q [b, hk·g, m, d], k [b, hk, n, d], v [b, hk, n, e]; where they apply
 * mask BOOL [b, hk·g, m, n] (or size 1 where claimed), bias, alibi and sink [hk·g], document, lengths, blocks, blockEdges;
 * for the backward pass do [b, hk·g, m, e] and dlse, for blocks of a larger attention the global o and lse.
 * Packed documents, layout thd: q [tq, hk·g, d], k [tk, hk, d], v [tk, hk, e], o and do as q with e for d, lse and dlse [hk·g, tq], and cu_q and cu_k
 * I32 [documents + 1], where each document begins.
 * A cache in pages, for cases whose history creates it: q, k_pages [pages, page, hk, d], v_pages [pages, page, hk, e], block_table I32 [b, maxPages],
 * cache_lengths I32 [b], and where `append` is claimed k_new and v_new, shaped as k and v of m keys, which lie behind those lengths. Tensors are contiguous unless the capabilities claim `strided`.
 */
export interface Call {
  readonly case: Case;
  readonly tensors: Tensors;
}

/** o [b, hk·g, m, e] in the case's dtype or a wider one; lse [b, hk·g, m] in f32 (f64 for f64) where claimed; k_pages and v_pages with the new tokens. */
export type Outputs = Tensors;

/** dq, dk, dv, shaped as q, k, v; dsink, dbias, dalibi where claimed. */
export type Gradients = Tensors;

/** An open implementation. Calls come one at a time. */
export interface Kernel extends AsyncDisposable {
  /** Versions, device, driver: what a reader needs to see the same again. */
  readonly environment: Readonly<Record<string, string>>;
  forward(call: Call): Promise<Outputs>;
  backward?(call: Call): Promise<Gradients>;
  /** Where `commands` claims it. */
  time?(call: Call, timing: Timing): Promise<Durations>;
}

export interface Timing {
  readonly pass: 'forward' | 'backward';
  /** Calls before the first that counts. */
  readonly warmup: number;
  readonly repeats: number;
  /** Caches are emptied before each repeat. */
  readonly flush: boolean;
}

export interface Durations {
  /** One for each repeat. */
  readonly nanoseconds: readonly number[];
  /** Whose clock it was: the device's events, or the process's. */
  readonly method: 'device' | 'wall';
  readonly peakBytes?: number;
  /** Of the last repeat. */
  readonly outputs: Outputs;
}

/** Not on this machine: why, and the command or step that mends it. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${reason} (${remedy})`);
  }
}

/** A kernel's answer to a call it does not support; inside its claims this is a failure of class `refused`. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/** What ran the kernel died under a call, or broke its protocol: the verdict is `crash`. `how` names it, such as SIGSEGV, exit-3 or protocol. */
export class Crashed extends Error {
  override readonly name = 'Crashed';
  constructor(
    readonly how: string,
    message: string,
  ) {
    super(message);
  }
}

/** The device is gone: the adapter is started anew, and the case tried once more, alone. */
export class DeviceLost extends Crashed {
  constructor(message: string) {
    super('device-lost', message);
  }
}

/** The machine is too small for the case: no failure; the case counts as unsupported. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/** The kernel wrote where it may not: into an input, or outside its outputs. A failure of that class. */
export class Intruded extends Error {
  override readonly name = 'Intruded';
  constructor(
    readonly how: 'mutated-input' | 'overrun',
    message: string,
  ) {
    super(message);
  }
}
