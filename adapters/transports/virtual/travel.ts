import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { Agenda, Happening } from './agenda.js';
import type { Letter } from './mailbox.js';

/** Who is told that a message of theirs has arrived. */
export interface Sender {
  arrived(): void;
}

/** A letter on its way: it comes to the receiver's port, occupies it, and is there. */
export class Travel implements Letter, Happening {
  private atPort = false;

  /**
   * @param receiving when the port is free, by rank; absent where none is needed.
   * @param seconds for which it occupies the port.
   */
  constructor(
    readonly from: number,
    readonly to: number,
    readonly channel: string,
    readonly tensors: Tensor[],
    readonly bytes: number,
    readonly sender: Sender,
    private readonly agenda: Agenda,
    private readonly arrive: (letter: Travel) => void,
    private readonly receiving?: Float64Array,
    private readonly seconds = 0,
  ) {}

  happen(): void {
    const { receiving, to } = this;
    if (!receiving || this.atPort) {
      this.arrive(this);
      return;
    }
    this.atPort = true;
    receiving[to] = Math.max(this.agenda.now, receiving[to]) + this.seconds;
    this.agenda.at(receiving[to], this);
  }
}
