import type { Tensor } from '../../../spec/tensor/tensor.js';
import { anyRank } from '../communicator.js';
import { isCollective } from '../rank-communicator.js';

export interface Letter {
  readonly from: number;
  readonly channel: string;
  readonly tensors: Tensor[];
  readonly bytes: number;
}

export interface Receiver {
  /** A rank, or `anyRank`. */
  readonly from: number;
  readonly channel: string;
  resolve(tensors: Tensor[]): void;
  reject(error: Error): void;
}

/** Of one sender on one channel: letters that nobody took yet, or receivers that wait; never both. */
interface Slot {
  readonly letters: Letter[];
  readonly receivers: Receiver[];
}

/** What has come to a rank, and what it waits for. Both are found by channel and sender: a gather on a thousand ranks has as many of each. */
export class Mailbox {
  private readonly channels = new Map<string, Map<number, Slot>>();

  /** @returns the receiver that waited for it, taken out; undefined where it is kept. */
  put(letter: Letter): Receiver | undefined {
    const waiting = this.slot(letter.channel, letter.from).receivers.shift() ?? this.known(letter.channel, anyRank)?.receivers.shift();
    if (!waiting) this.slot(letter.channel, letter.from).letters.push(letter);
    this.tidy(letter.channel, letter.from);
    if (waiting?.from === anyRank) this.tidy(letter.channel, anyRank);
    return waiting;
  }

  /** The first letter of a sender, or of any, in the order of senders; taken out. */
  take(from: number, channel: string): Letter | undefined {
    if (from !== anyRank) return this.takeFrom(from, channel);
    const senders = [...(this.channels.get(channel)?.keys() ?? [])].sort((x, y) => x - y);
    for (const sender of senders) {
      const letter = this.takeFrom(sender, channel);
      if (letter) return letter;
    }
    return undefined;
  }

  private takeFrom(sender: number, channel: string): Letter | undefined {
    const letter = this.known(channel, sender)?.letters.shift();
    if (letter) this.tidy(channel, sender);
    return letter;
  }

  wait(receiver: Receiver): void {
    this.slot(receiver.channel, receiver.from).receivers.push(receiver);
  }

  receivers(): Receiver[] {
    return this.slots().flatMap(({ receivers }) => receivers);
  }

  letters(): Letter[] {
    return this.slots().flatMap(({ letters }) => letters);
  }

  private slots(): Slot[] {
    return [...this.channels.values()].flatMap((senders) => [...senders.values()]);
  }

  private known(channel: string, from: number): Slot | undefined {
    return this.channels.get(channel)?.get(from);
  }

  private slot(channel: string, from: number): Slot {
    let senders = this.channels.get(channel);
    if (!senders) {
      senders = new Map();
      this.channels.set(channel, senders);
    }
    let slot = senders.get(from);
    if (!slot) {
      slot = { letters: [], receivers: [] };
      senders.set(from, slot);
    }
    return slot;
  }

  /** Collectives have a channel each: what is empty goes. Other channels are few, and used again. */
  private tidy(channel: string, from: number): void {
    if (!isCollective(channel)) return;
    const senders = this.channels.get(channel);
    const slot = senders?.get(from);
    if (!senders || !slot || slot.letters.length > 0 || slot.receivers.length > 0) return;
    senders.delete(from);
    if (senders.size === 0) this.channels.delete(channel);
  }
}
