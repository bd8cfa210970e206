import type { Tensor } from '../../../../spec/tensor/tensor.js';
import { type Agenda, Happening } from './agenda.js';
import type { Letter } from './mailbox.js';
import type { Route } from './route.js';

/** Who is told that a message of theirs has arrived. */
export interface Sender {
  /** @returns whether its program can go on by it. */
  arrived(): boolean;
}

/** Where letters arrive. */
export interface Destination {
  readonly agenda: Agenda;
  arrive(letter: Travel): boolean;
}

/** A letter on its way: it comes to the receiver's port, occupies it, and is there. */
export class Travel extends Happening implements Letter {
  private atPort = false;

  constructor(
    readonly route: Route,
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
    return this.route.from;
  }

  happen(): boolean {
    const { route, destination } = this;
    const { link, ports, to } = route;
    if (!link || !ports || this.atPort) return destination.arrive(this);
    this.atPort = true;
    const { receiving } = ports;
    receiving[to] = Math.max(destination.agenda.now, receiving[to]) + link.beta * this.bytes;
    destination.agenda.at(receiving[to], this);
    return false;
  }
}
