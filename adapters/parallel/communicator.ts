import type { Tensor } from '../../spec/tensor/tensor.js';

export type Pending<T> = Promise<T>;

/** Value of `from` to receive from the first sender, whichever comes first. */
export const anyRank = -1;

/** Communicator of a rank. Messages of two ranks with the same tag arrive in order. */
export interface Communicator {
  readonly rank: number;
  readonly size: number;
  /** Sends copies of tensors to a rank. */
  isend(to: number, tensors: readonly Tensor[], tag: number): Pending<void>;
  irecv(from: number, tag: number): Pending<Tensor[]>;
  isendrecv(to: number, tensors: readonly Tensor[], from: number, tag: number): Pending<Tensor[]>;
  allGather(tensors: readonly Tensor[]): Promise<Tensor[][]>;
  /** Sends parts[r] to rank r. Returns the tensors that each rank sent here, by rank. */
  allToAll(parts: readonly (readonly Tensor[])[]): Promise<Tensor[][]>;
  /** Sends parts[r] to rank r, (P − 1)/P in all; returns the sum here in rank order. */
  reduceScatter(parts: readonly (readonly Tensor[])[]): Promise<Tensor[]>;
  /** Returns the sum in rank order, equal in bits on every rank. Sends P − 1 times the tensors. */
  allReduce(tensors: readonly Tensor[]): Promise<Tensor[]>;
  barrier(): Promise<void>;
  /** Returns the communicator of the ranks with the same color, ordered by key, then by rank. */
  split(color: number, key: number): Promise<Communicator>;
  /** Counts messages from now on for this phase; the first phase is `forward`. */
  enter(phase: string): void;
  /** Awaits work that needs no message, so that the wait does not count as a deadlock. */
  external<T>(work: T | Promise<T>): Promise<T>;
  compute(flops: number): void;
}
