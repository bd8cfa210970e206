import type { Tensor } from '../../../../spec/tensor/tensor.js';
import { unawaited } from '../../unawaited.js';
import type { Deferred } from './deferred.js';
import type { Sender } from './in-flight-message.js';
import type { Receiver } from './mailbox.js';

/** Sent and received message that a rank waits for together. */
export class SendReceive implements Sender, Receiver {
  private sent = false;
  private received: Tensor[] | undefined;

  constructor(
    readonly from: number,
    readonly channel: string,
    private readonly over: Deferred<Tensor[]>,
  ) {}

  arrived(): boolean {
    this.sent = true;
    if (!this.received) return false;
    this.over.resolve(this.received);
    return true;
  }

  resolve(tensors: Tensor[]): boolean {
    this.received = tensors;
    if (this.sent) this.over.resolve(tensors);
    return this.sent;
  }

  reject(error: Error): void {
    rejected(this.over, error);
  }
}

/** Rejects a promise, marked as unawaited only here because there are a million promises. */
function rejected({ promise, reject }: Deferred<Tensor[]>, error: Error): void {
  unawaited(promise);
  reject(error);
}

/** Message with a sender that waits for its arrival. */
export class Sent implements Sender {
  constructor(private readonly over: Deferred<void>) {}

  arrived(): boolean {
    this.over.resolve();
    return true;
  }
}

export class Awaited implements Receiver {
  constructor(
    readonly from: number,
    readonly channel: string,
    private readonly over: Deferred<Tensor[]>,
  ) {}

  resolve(tensors: Tensor[]): boolean {
    this.over.resolve(tensors);
    return true;
  }

  reject(error: Error): void {
    rejected(this.over, error);
  }
}

/** Messages to and from many ranks that a rank waits for together. */
export class Exchange implements Sender {
  private readonly received: Tensor[][];
  private open: number;

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

  arrived(): boolean {
    if (--this.open > 0) return false;
    this.resolve(this.received);
    return true;
  }

  receive(place: number, tensors: Tensor[]): boolean {
    this.received[place] = tensors;
    return this.arrived();
  }
}

export class Expected implements Receiver {
  constructor(
    private readonly exchange: Exchange,
    private readonly place: number,
    readonly from: number,
    readonly channel: string,
  ) {}

  resolve(tensors: Tensor[]): boolean {
    return this.exchange.receive(this.place, tensors);
  }

  reject(error: Error): void {
    this.exchange.reject(error);
  }
}
