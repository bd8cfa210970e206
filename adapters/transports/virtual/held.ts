import { isCollective } from '../rank-communicator.js';
import type { Letter } from './mailbox.js';

/**
 * The bytes of messages that a rank holds: from the time at which one arrives until the rank receives the next one of the same sender with the
 * same tag, or in the next collective of the same communicator. A program may let go of one earlier, which nobody sees.
 */
export class HeldMessages {
  /** The largest sum since it was last set. */
  peak = 0;
  private bytes = 0;
  /** Of each channel, or of the collectives of each communicator, what was received last, by sender. */
  private readonly last = new Map<string, Map<number, number>>();

  arrive({ bytes }: Letter): void {
    this.bytes += bytes;
    this.peak = Math.max(this.peak, this.bytes);
  }

  receive({ channel, from, bytes }: Letter): void {
    const family = isCollective(channel) ? channel.slice(0, channel.lastIndexOf('/')) : channel;
    let senders = this.last.get(family);
    if (!senders) {
      senders = new Map();
      this.last.set(family, senders);
    }
    this.bytes -= senders.get(from) ?? 0;
    senders.set(from, bytes);
  }

  /** A new phase begins with what is held. */
  begin(): void {
    this.peak = this.bytes;
  }
}
