import type { Tensors } from '../spec/tensor/tensor.js';
import type { Capabilities, Case } from '../spec/types/documents.js';

export type { Tensor, Tensors } from '../spec/tensor/tensor.js';
export type { Capabilities, Case } from '../spec/types/documents.js';

/**
 * One problem, with its tensors, for layout bhld: q [b, hk·g, m, d], k [b, hk, n, d], v [b, hk, n, e]; where they apply
 * mask BOOL [b, hk·g, m, n] (or size 1 where claimed), bias, alibi and sink [hk·g], document, lengths, blocks, blockEdges;
 * for the backward pass do [b, hk·g, m, e] and dlse, for blocks of a larger attention the global o and lse.
 * Tensors are contiguous unless the capabilities claim `strided`.
 */
export interface Call {
  readonly case: Case;
  readonly tensors: Tensors;
}

/** o [b, hk·g, m, e] in the case's dtype or a wider one; lse [b, hk·g, m] in f32 (f64 for f64) where claimed. */
export type Outputs = Tensors;

/** dq, dk, dv, shaped as q, k, v; dsink, dbias, dalibi where claimed. */
export type Gradients = Tensors;

/** An open implementation. Calls come one at a time. */
export interface Kernel extends AsyncDisposable {
  /** Versions, device, driver: what a reader needs to see the same again. */
  readonly environment: Readonly<Record<string, string>>;
  forward(call: Call): Promise<Outputs>;
  backward?(call: Call): Promise<Gradients>;
}

/** An implementation under test. */
export interface Adapter {
  readonly id: string;
  readonly title: string;
  readonly version?: string;
  readonly capabilities: Capabilities;
  /** @throws {Unavailable} where this machine lacks what the adapter needs. */
  open(): Promise<Kernel>;
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
