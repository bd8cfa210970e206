import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { Receiver } from './mailbox.js';
import type { Sender } from './travel.js';

/** A message each way, which a rank waits for together. */
export class SendReceive implements Sender, Receiver {
  private sent = false;
  private received: Tensor[] | undefined;

  constructor(
    readonly from: number,
    readonly channel: string,
    private readonly over: (received: Tensor[]) => void,
    readonly reject: (error: Error) => void,
  ) {}

  arrived(): void {
    this.sent = true;
    if (this.received) this.over(this.received);
  }

  resolve(tensors: Tensor[]): void {
    this.received = tensors;
    if (this.sent) this.over(tensors);
  }
}

/** Messages to and from many ranks, which a rank waits for together. */
export class Exchange implements Sender {
  private readonly received: Tensor[][];
  private open: number;

  /** @param resolve gets what was received. */
  constructor(
    sends: number,
    receives: number,
    private readonly resolve: (received: Tensor[][]) => void,
    readonly reject: (error: Error) => void,
  ) {
    this.received = new Array(receives);
    this.open = sends + receives;
    if (this.open === 0) resolve(this.received);
  }

  /** One of its messages has arrived. */
  arrived(): void {
    if (--this.open === 0) this.resolve(this.received);
  }

  receive(place: number, tensors: Tensor[]): void {
    this.received[place] = tensors;
    this.arrived();
  }
}

/** One message that an exchange waits for. */
export class Expected implements Receiver {
  constructor(
    private readonly exchange: Exchange,
    private readonly place: number,
    readonly from: number,
    readonly channel: string,
  ) {}

  resolve(tensors: Tensor[]): void {
    this.exchange.receive(this.place, tensors);
  }

  reject(error: Error): void {
    this.exchange.reject(error);
  }
}
