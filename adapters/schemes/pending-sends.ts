import type { Pending } from '../transports/communicator.js';

/** Sends that are under way while a rank goes on. */
export class PendingSends {
  private readonly sends: Pending<void>[] = [];

  add(send: Pending<void>): void {
    // a send that fails while the rank is elsewhere is told where it is awaited
    send.catch(() => {});
    this.sends.push(send);
  }

  async all(): Promise<void> {
    await Promise.all(this.sends.splice(0));
  }
}
