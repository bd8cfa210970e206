import type { Pending } from '../communicator.js';
import { unawaited } from '../unawaited.js';

/** Sends that are under way while a rank goes on. They are counted, not kept: a rank of a ring has a thousand of them. */
export class PendingSends {
  private open = 0;
  private fail: (error: unknown) => void = () => {};
  private end: () => void = () => {};
  // Rejected when a send fails; `during` and `all` report it.
  private readonly failed = unawaited(
    new Promise<never>((_, reject) => {
      this.fail = reject;
    }),
  );
  private readonly arrived = () => {
    this.open--;
    if (this.open === 0) this.end();
  };

  add(send: Pending<void>): void {
    this.open++;
    send.then(this.arrived, this.fail);
  }

  /** Waits for a message, or for the failure of a send: the message may be the answer to that send. */
  during<T>(arrival: Pending<T>): Promise<T> {
    return Promise.race([arrival, this.failed]);
  }

  /** Waits until all sends so far have arrived, or one has failed. */
  async all(): Promise<void> {
    // one that failed stays open
    if (this.open === 0) return;
    const ended = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    await Promise.race([ended, this.failed]);
  }
}
