import type { Pending } from '../communicator.js';
import { unawaited } from '../unawaited.js';

/** Sends that are under way while a rank goes on. */
export class PendingSends {
  private readonly sends: Pending<void>[] = [];
  private fail: (error: unknown) => void = () => {};
  // told to whoever waits, or by `all`
  private readonly failed = unawaited(
    new Promise<never>((_, reject) => {
      this.fail = reject;
    }),
  );

  add(send: Pending<void>): void {
    send.catch(this.fail);
    this.sends.push(send);
  }

  /** Waits for a message, or for the failure of a send: what is waited for may be the answer to it. */
  during<T>(arrival: Pending<T>): Promise<T> {
    return Promise.race([arrival, this.failed]);
  }

  async all(): Promise<void> {
    await Promise.all(this.sends);
  }
}
