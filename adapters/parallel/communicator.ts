import type { Tensor } from '../../spec/tensor/tensor.js';

export type Pending<T> = Promise<T>;

/** Receives from whichever rank sends first: what a program gets then depends on the order of deliveries. */
export const anyRank = -1;

/** What a rank of a scheme's program talks through. Messages between two ranks with one tag arrive in the order in which they were sent. */
export interface Communicator {
  readonly rank: number;
  readonly size: number;
  /** What is sent is copied: the sender may change its tensors at once. */
  isend(to: number, tensors: readonly Tensor[], tag: number): Pending<void>;
  irecv(from: number, tag: number): Pending<Tensor[]>;
  isendrecv(to: number, tensors: readonly Tensor[], from: number, tag: number): Pending<Tensor[]>;
  /** Every rank's tensors, by rank. */
  allGather(tensors: readonly Tensor[]): Promise<Tensor[][]>;
  /** parts[r] goes to rank r; what each rank sent here, by rank. */
  allToAll(parts: readonly (readonly Tensor[])[]): Promise<Tensor[][]>;
  /** parts[r] goes to rank r; the sum of what all ranks sent here, added in the order of ranks. Sends (P − 1)/P of the parts. */
  reduceScatter(parts: readonly (readonly Tensor[])[]): Promise<Tensor[]>;
  /** The sum over all ranks, added in the order of ranks: the same bits everywhere. Direct: sends P − 1 times the tensors. */
  allReduce(tensors: readonly Tensor[]): Promise<Tensor[]>;
  barrier(): Promise<void>;
  /** The ranks of one color, in the order of their keys, then of their ranks. */
  split(color: number, key: number): Promise<Communicator>;
  /** What is sent from here on is counted for this phase, `forward` at first. */
  enter(phase: string): void;
  /** Work that ends by itself: awaiting it is not a deadlock. */
  external<T>(work: T | Promise<T>): Promise<T>;
  /** For a cost model: floating-point operations done here. */
  compute(flops: number): void;
}
