import type { Tensor } from '../../../../spec/tensor/tensor.js';
import { anyRank } from '../../communicator.js';
import { isCollective } from '../rank-communicator.js';

export interface Message {
  readonly from: number;
  readonly channel: string;
  readonly tensors: Tensor[];
  /** Tensors without elements. */
  readonly bare: boolean;
  readonly bytes: number;
}

export interface Receiver {
  /** A rank, or `anyRank`. */
  readonly from: number;
  readonly channel: string;
  /** @returns whether the program can go on by it. */
  resolve(tensors: Tensor[]): boolean;
  reject(error: Error): void;
}

/** Of one sender on one channel: messages that nobody took yet, or receivers that wait; never both. */
class Slot {
  readonly messages: Message[] = [];
  readonly receivers: Receiver[] = [];
  /** Of a collective, which has a channel of its own: it goes when it is empty. Other channels are few, and used again. */
  readonly passing: boolean;

  constructor(
    readonly channel: string,
    readonly from: number,
  ) {
    this.passing = isCollective(channel);
  }
}

/** What has come to a rank, and what it waits for. Both are found by channel and sender: a gather on a thousand ranks has as many of each. */
export class Mailbox {
  private readonly channels = new Map<string, Map<number, Slot>>();
  /** The one that was used last: the same again and again on a ring. */
  private last: Slot | undefined;

  /** @returns the receiver that waited for it, taken out; undefined where it is kept. */
  put(message: Message): Receiver | undefined {
    const slot = this.slot(message.channel, message.from);
    const own = slot.receivers.shift();
    const any = own ? undefined : this.known(message.channel, anyRank);
    const waiting = own ?? any?.receivers.shift();
    if (!waiting) slot.messages.push(message);
    this.tidy(slot);
    if (any) this.tidy(any);
    return waiting;
  }

  /** The first message of a sender, or of any, in the order of senders; taken out. */
  take(from: number, channel: string): Message | undefined {
    if (from !== anyRank) return this.takeFrom(this.known(channel, from));
    const senders = [...(this.channels.get(channel)?.values() ?? [])].sort((x, y) => x.from - y.from);
    return this.takeFrom(senders.find(({ messages }) => messages.length > 0));
  }

  wait(receiver: Receiver): void {
    this.slot(receiver.channel, receiver.from).receivers.push(receiver);
  }

  receivers(): Receiver[] {
    return this.slots().flatMap(({ receivers }) => receivers);
  }

  messages(): Message[] {
    return this.slots().flatMap(({ messages }) => messages);
  }

  private takeFrom(slot: Slot | undefined): Message | undefined {
    const message = slot?.messages.shift();
    if (slot && message) this.tidy(slot);
    return message;
  }

  private slots(): Slot[] {
    return [...this.channels.values()].flatMap((senders) => [...senders.values()]);
  }

  private known(channel: string, from: number): Slot | undefined {
    const { last } = this;
    if (last && last.from === from && last.channel === channel) return last;
    return this.channels.get(channel)?.get(from);
  }

  private slot(channel: string, from: number): Slot {
    let slot = this.known(channel, from);
    if (!slot) {
      slot = new Slot(channel, from);
      const senders = this.channels.get(channel);
      if (senders) senders.set(from, slot);
      else this.channels.set(channel, new Map([[from, slot]]));
    }
    this.last = slot;
    return slot;
  }

  private tidy(slot: Slot): void {
    const { channel, from, messages, receivers } = slot;
    if (!slot.passing || messages.length > 0 || receivers.length > 0) return;
    const senders = this.channels.get(channel);
    senders?.delete(from);
    if (senders?.size === 0) this.channels.delete(channel);
    if (this.last === slot) this.last = undefined;
  }
}
