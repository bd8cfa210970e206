import { isCollective } from '../rank-communicator.js';
import type { VirtualMessage } from './mailbox.js';

/** Last message from a sender; `channel` is the channel of its first message. */
interface Received extends Pick<VirtualMessage, 'channel' | 'from'> {
  bytes: number;
}

/** Bytes of messages that a rank holds, until the next message of the same sender and tag. */
export class HeldMessages {
  /** Largest sum of held bytes in the phase. */
  peak = 0;
  private bytes = 0;
  /** Last messages by channel (one for all collectives of a communicator), then by sender. */
  private readonly last = new Map<string, Map<number, Received>>();
  private latest: Received | undefined;
  private before: Received | undefined;

  arrive({ bytes }: VirtualMessage): void {
    this.bytes += bytes;
    this.peak = Math.max(this.peak, this.bytes);
  }

  receive({ channel, from, bytes }: VirtualMessage): void {
    const received = this.receivedFrom(channel, from);
    this.bytes -= received.bytes;
    received.bytes = bytes;
  }

  private receivedFrom(channel: string, from: number): Received {
    const { latest, before } = this;
    if (latest && latest.from === from && latest.channel === channel) return latest;
    this.before = latest;
    if (before && before.from === from && before.channel === channel) {
      this.latest = before;
      return before;
    }
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
    // a collective has another channel each time
    this.latest = received.channel === channel ? received : undefined;
    return received;
  }

  /** Begins a new phase, with the bytes that are held. */
  begin(): void {
    this.peak = this.bytes;
  }
}
