import type { Tensor } from '../../spec/tensor/tensor.js';

/** What a transport gives one rank: messages to and from ranks of the whole world. A channel keeps messages apart that run side by side. */
export interface Endpoint {
  readonly rank: number;
  readonly size: number;
  /** @param tensors contiguous; copied before this returns. */
  send(to: number, channel: string, tensors: readonly Tensor[]): Promise<void>;
  /** @param from a rank, or `anyRank`. */
  receive(from: number, channel: string): Promise<Tensor[]>;
  /** What is sent from here on is counted for this phase. */
  enter(phase: string): void;
  external<T>(work: Promise<T>): Promise<T>;
  compute(flops: number): void;
}
