import type { Tensor } from '../../spec/tensor/tensor.js';

export type Pending<T> = Promise<T>;

/**
 * Value of `from` to receive from whichever rank sends first: the result then depends on the order of
 * deliveries.
 */
export const anyRank = -1;

/**
 * Communicator of one rank in a scheme's program. Messages between two ranks with the same tag
 * arrive in the order in which they were sent.
 */
export interface Communicator {
  readonly rank: number;
  readonly size: number;
  /** Sends tensors to a rank. They are copied: the sender may change them at once. */
  isend(to: number, tensors: readonly Tensor[], tag: number): Pending<void>;
  irecv(from: number, tag: number): Pending<Tensor[]>;
  isendrecv(to: number, tensors: readonly Tensor[], from: number, tag: number): Pending<Tensor[]>;
  /** Returns the tensors of every rank, by rank. */
  allGather(tensors: readonly Tensor[]): Promise<Tensor[][]>;
  /** Sends parts[r] to rank r. Returns the tensors that each rank sent here, by rank. */
  allToAll(parts: readonly (readonly Tensor[])[]): Promise<Tensor[][]>;
  /**
   * Sends parts[r] to rank r. Returns the sum of the tensors that all ranks sent here, added in
   * rank order. Sends (P − 1)/P of the parts.
   */
  reduceScatter(parts: readonly (readonly Tensor[])[]): Promise<Tensor[]>;
  /**
   * Returns the sum over all ranks, added in rank order: the same bits on every rank. Direct
   * algorithm: sends P − 1 times the tensors.
   */
  allReduce(tensors: readonly Tensor[]): Promise<Tensor[]>;
  barrier(): Promise<void>;
  /** Returns the communicator of the ranks with the same color, ordered by key, then by rank. */
  split(color: number, key: number): Promise<Communicator>;
  /** Counts messages sent from now on for this phase; the first phase is `forward`. */
  enter(phase: string): void;
  /** Awaits work that needs no message to end, so that the wait is not taken for a deadlock. */
  external<T>(work: T | Promise<T>): Promise<T>;
  /** Counts floating-point operations done on this rank, for a cost model. */
  compute(flops: number): void;
}
