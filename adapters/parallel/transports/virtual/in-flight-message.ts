import type { Tensor } from '../../../../spec/tensor/tensor.js';
import { type EventQueue, TimedEvent } from './event-queue.js';
import type { Link } from './link.js';
import type { Message } from './mailbox.js';

/** Who is told that a message of theirs has arrived. */
export interface Sender {
  /** @returns whether its program can go on by it. */
  arrived(): boolean;
}

/** Where messages arrive. */
export interface Destination {
  readonly events: EventQueue;
  arrive(message: InFlightMessage): boolean;
}

/** A message on its way: it comes to the receiver's port, occupies it, and is there. */
export class InFlightMessage extends TimedEvent implements Message {
  private atPort = false;

  constructor(
    readonly link: Link,
    readonly channel: string,
    readonly tensors: Tensor[],
    /** Tensors without elements. */
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
