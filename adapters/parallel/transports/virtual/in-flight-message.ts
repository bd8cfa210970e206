import type { Tensor } from '../../../../spec/tensor/tensor.js';
import { type EventQueue, TimedEvent } from './event-queue.js';
import type { Link } from './link.js';
import type { VirtualMessage } from './mailbox.js';

export interface Sender {
  arrived(): boolean;
}

export interface Destination {
  readonly events: EventQueue;
  arrive(message: InFlightMessage): boolean;
}

/** Message in transit: it reaches the receiver's port, occupies it, then arrives. */
export class InFlightMessage extends TimedEvent implements VirtualMessage {
  private atPort = false;

  constructor(
    readonly link: Link,
    readonly channel: string,
    readonly tensors: Tensor[],
    /** True if the tensors have no elements. */
    readonly bare: boolean,
    readonly bytes: number,
    readonly sender: Sender,
    private readonly destination: Destination,
  ) {
    super();
  }

  get from(): number {
    return this.link.from;
  }

  happen(): boolean {
    const { link, destination } = this;
    const { cost, ports, to } = link;
    if (!cost || !ports || this.atPort) return destination.arrive(this);
    this.atPort = true;
    const { receiving } = ports;
    receiving[to] = Math.max(destination.events.now, receiving[to]) + cost.beta * this.bytes;
    destination.events.at(receiving[to], this);
    return false;
  }
}
