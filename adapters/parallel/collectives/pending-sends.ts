import type { Pending } from '../communicator.js';
import { unawaited } from '../unawaited.js';

/** Sends that are under way while a rank goes on. */
export class PendingSends {
  private readonly sends: Pending<void>[] = [];
  private fail: (error: unknown) => void = () => {};
  // Rejected when a send fails; `during` and `all` report it.
  private readonly failed = unawaited(
    new Promise<never>((_, reject) => {
      this.fail = reject;
    }),
  );

  add(send: Pending<void>): void {
    send.catch(this.fail);
    this.sends.push(send);
  }

  /** Waits for a message, or for the failure of a send: the message may be the answer to that send. */
  during<T>(arrival: Pending<T>): Promise<T> {
    return Promise.race([arrival, this.failed]);
  }

  async all(): Promise<void> {
    await Promise.all(this.sends);
  }
}
