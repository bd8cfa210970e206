import { isCollective } from '../rank-communicator.js';
import type { Message } from './mailbox.js';

/** What was received last from a sender, first on some channel. */
interface Received extends Pick<Message, 'channel' | 'from'> {
  bytes: number;
}

/**
 * The bytes of messages that a rank holds: from the time at which one arrives until the rank receives the next one of the same sender with the
 * same tag, or in the next collective of the same communicator. A program may let go of one earlier, which nobody sees.
 */
export class HeldMessages {
  /** The largest sum since it was last set. */
  peak = 0;
  private bytes = 0;
  /** Of each channel, or of the collectives of each communicator, what was received last, by sender. */
  private readonly last = new Map<string, Map<number, Received>>();
  /** The one of the message before: the same again and again on a ring. */
  private latest: Received | undefined;

  arrive({ bytes }: Message): void {
    this.bytes += bytes;
    this.peak = Math.max(this.peak, this.bytes);
  }

  receive({ channel, from, bytes }: Message): void {
    const received = this.receivedFrom(channel, from);
    this.bytes -= received.bytes;
    received.bytes = bytes;
  }

  private receivedFrom(channel: string, from: number): Received {
    const { latest } = this;
    if (latest && latest.from === from && latest.channel === channel) return latest;
    const family = isCollective(channel) ? channel.slice(0, channel.lastIndexOf('/')) : channel;
    let senders = this.last.get(family);
    if (!senders) {
      senders = new Map();
      this.last.set(family, senders);
    }
    let received = senders.get(from);
    if (!received) {
      received = { channel, from, bytes: 0 };
      senders.set(from, received);
    }
    if (received.channel === channel) this.latest = received;
    return received;
  }

  /** A new phase begins with what is held. */
  begin(): void {
    this.peak = this.bytes;
  }
}
