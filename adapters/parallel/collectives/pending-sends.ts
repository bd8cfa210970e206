import type { Pending } from '../communicator.js';
import { unawaited } from '../unawaited.js';

/** Sends in transit. They are counted, not kept, because a rank of a ring may have a thousand. */
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

  /** Waits for a message or for a failed send, because the message may answer that send. */
  during<T>(arrival: Pending<T>): Promise<T> {
    return Promise.race([arrival, this.failed]);
  }

  async all(): Promise<void> {
    // a failed send stays counted
    if (this.open === 0) return;
    const ended = new Promise<void>((resolve) => {
      this.end = resolve;
    });
    await Promise.race([ended, this.failed]);
  }
}
