import type { Tensor } from '../../../spec/tensor/tensor.js';

/**
 * Endpoint of one rank in a transport. Channels separate concurrent messages. A program may never
 * await a returned promise; its rejection does not end the process.
 */
export interface Endpoint {
  readonly rank: number;
  readonly size: number;
  /** Sends contiguous tensors on a channel, copied before this returns. */
  send(to: number, channel: string, tensors: readonly Tensor[]): Promise<void>;
  /** Receives a message on a channel. @param from a rank, or `anyRank`. */
  receive(from: number, channel: string): Promise<Tensor[]>;
  /** Sends and receives concurrently, also non-contiguous tensors; resolves after both. */
  sendReceive?(to: number, channel: string, tensors: readonly Tensor[], from: number): Promise<Tensor[]>;
  /** Sends parts[x] to rank to[x]; returns messages from `from`, when all have arrived. */
  exchange?(channel: string, to: readonly number[], parts: readonly (readonly Tensor[])[], from: readonly number[]): Promise<Tensor[][]>;
  /** Counts messages from now on for this phase. */
  enter(phase: string): void;
  external<T>(work: T | Promise<T>): Promise<T>;
  compute(flops: number): void;
}
