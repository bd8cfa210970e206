import type { Tensor } from '../../../spec/tensor/tensor.js';

/** What a transport gives one rank: messages to and from ranks of the whole world. A channel keeps messages apart that run side by side. */
export interface Endpoint {
  readonly rank: number;
  readonly size: number;
  /** @param tensors contiguous; copied before this returns. */
  send(to: number, channel: string, tensors: readonly Tensor[]): Promise<void>;
  /** @param from a rank, or `anyRank`. */
  receive(from: number, channel: string): Promise<Tensor[]>;
  /** A send and a receive, side by side: over when both messages have arrived. Tensors need not be contiguous. Absent as `exchange` is. */
  sendReceive?(to: number, channel: string, tensors: readonly Tensor[], from: number): Promise<Tensor[]>;
  /**
   * Sends parts[x], contiguous or not, to rank to[x] and receives a message from each of `from`, side by side. Absent where `receive` and `send`
   * are as good.
   * @returns what was received, in the order of `from`, when all messages have arrived.
   */
  exchange?(channel: string, to: readonly number[], parts: readonly (readonly Tensor[])[], from: readonly number[]): Promise<Tensor[][]>;
  /** What is sent from here on is counted for this phase. */
  enter(phase: string): void;
  external<T>(work: T | Promise<T>): Promise<T>;
  compute(flops: number): void;
}
