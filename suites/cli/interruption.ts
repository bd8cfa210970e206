import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Ctrl-C ends a run in good order; a second one ends the process at once. */
export class Interruption {
  private readonly controller = new AbortController();
  private received: NodeJS.Signals = 'SIGINT';

  constructor() {
    for (const name of signals) process.once(name, this.abort);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** As a shell reports a process that a signal ended. */
  get exitCode(): number {
    return 128 + constants.signals[this.received];
  }

  release(): void {
    for (const name of signals) process.off(name, this.abort);
  }

  private readonly abort = (name: NodeJS.Signals): void => {
    this.received = name;
    this.release();
    this.controller.abort(new Error(`interrupted by ${name}`));
  };
}
