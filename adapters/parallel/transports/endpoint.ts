import type { Tensor } from '../../../spec/tensor/tensor.js';

/**
 * Endpoint that a transport gives one rank: messages to and from the ranks of the whole world.
 * Channels keep concurrent messages apart. A program may never await a promise that an endpoint
 * returns: its rejection does not end the process.
 */
export interface Endpoint {
  readonly rank: number;
  readonly size: number;
  /**
   * Sends tensors to a rank on a channel.
   * @param tensors contiguous; copied before this returns.
   */
  send(to: number, channel: string, tensors: readonly Tensor[]): Promise<void>;
  /**
   * Receives a message on a channel.
   * @param from a rank, or `anyRank`.
   */
  receive(from: number, channel: string): Promise<Tensor[]>;
  /**
   * Sends and receives a message concurrently; resolves when both messages have arrived. Tensors
   * need not be contiguous. Absent if `send` and `receive` are as good.
   */
  sendReceive?(to: number, channel: string, tensors: readonly Tensor[], from: number): Promise<Tensor[]>;
  /**
   * Sends parts[x], contiguous or not, to rank to[x] and receives a message from each rank of
   * `from`, all concurrently. Absent if `receive` and `send` are as good.
   * @returns the received messages, in the order of `from`, when all messages have arrived.
   */
  exchange?(channel: string, to: readonly number[], parts: readonly (readonly Tensor[])[], from: readonly number[]): Promise<Tensor[][]>;
  /** Counts messages sent from now on for this phase. */
  enter(phase: string): void;
  external<T>(work: T | Promise<T>): Promise<T>;
  compute(flops: number): void;
}
