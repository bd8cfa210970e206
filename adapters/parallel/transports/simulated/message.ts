import type { Tensor } from '../../../../spec/tensor/tensor.js';

export interface Message {
  readonly from: number;
  readonly to: number;
  readonly channel: string;
  readonly tensors: Tensor[];
  /** Number of the message, by sender, receiver and channel. */
  readonly sequence: number;
  arrived(): void;
}

/** Messages in transit between two ranks on one channel, in sending order. */
export class Channel {
  readonly messages: Message[] = [];
  sent = 0;
  /** True if the messages of this channel arrive last. */
  late = false;
  /** Sequence number of the next message to arrive. */
  next = 0;

  constructor(
    readonly from: number,
    readonly to: number,
    readonly channel: string,
  ) {}
}
