import type { Tensor } from '../../../../spec/tensor/tensor.js';
import { anyRank } from '../../communicator.js';
import { isCollective } from '../rank-communicator.js';

export interface VirtualMessage {
  readonly from: number;
  readonly channel: string;
  readonly tensors: Tensor[];
  readonly bare: boolean;
  readonly bytes: number;
}

export interface Receiver {
  /** Rank to receive from, or `anyRank`. */
  readonly from: number;
  readonly channel: string;
  resolve(tensors: Tensor[]): boolean;
  reject(error: Error): void;
}

/** Unreceived messages of one sender on one channel, or waiting receivers, never both. */
class Slot {
  readonly messages: VirtualMessage[] = [];
  readonly receivers: Receiver[] = [];
  /** True for a collective's channel, which is used once: delete its slot when it is empty. */
  readonly passing: boolean;

  constructor(
    readonly channel: string,
    readonly from: number,
  ) {
    this.passing = isCollective(channel);
  }
}

/** Messages that have arrived, and waiting receivers, by channel and sender. */
export class Mailbox {
  private readonly channels = new Map<string, Map<number, Slot>>();
  /** Last two slots, for keys and gradients on a ring. */
  private last: Slot | undefined;
  private before: Slot | undefined;

  /** Puts a message in the mailbox, or removes and returns the receiver that waited for it. */
  put(message: VirtualMessage): Receiver | undefined {
    const slot = this.slot(message.channel, message.from);
    const own = slot.receivers.shift();
    const any = own ? undefined : this.known(message.channel, anyRank);
    const waiting = own ?? any?.receivers.shift();
    if (!waiting) slot.messages.push(message);
    this.tidy(slot);
    if (any) this.tidy(any);
    return waiting;
  }

  /** Takes the first message of a sender, with `anyRank` of the lowest sender, if any. */
  take(from: number, channel: string): VirtualMessage | undefined {
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

  messages(): VirtualMessage[] {
    return this.slots().flatMap(({ messages }) => messages);
  }

  private takeFrom(slot: Slot | undefined): VirtualMessage | undefined {
    const message = slot?.messages.shift();
    if (slot && message) this.tidy(slot);
    return message;
  }

  private slots(): Slot[] {
    return [...this.channels.values()].flatMap((senders) => [...senders.values()]);
  }

  private known(channel: string, from: number): Slot | undefined {
    const { last, before } = this;
    if (last && last.from === from && last.channel === channel) return last;
    if (before && before.from === from && before.channel === channel) return before;
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
    if (this.last !== slot) this.before = this.last;
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
    if (this.before === slot) this.before = undefined;
  }
}
