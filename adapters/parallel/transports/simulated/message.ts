import type { Tensor } from '../../../../spec/tensor/tensor.js';

export interface Message {
  readonly from: number;
  readonly to: number;
  readonly channel: string;
  readonly tensors: Tensor[];
  /** Counts the messages from one rank to another on one channel. */
  readonly sequence: number;
  /** Tells a sender that waits for it. */
  arrived(): void;
}

/** Messages between two ranks on one channel that are on their way, in the order in which they were sent. */
export class Channel {
  readonly messages: Message[] = [];
  sent = 0;
  /** Its messages come after all others. */
  late = false;
  /** The sequence number of the next message to arrive. */
  next = 0;

  constructor(
    readonly from: number,
    readonly to: number,
    readonly channel: string,
  ) {}
}
