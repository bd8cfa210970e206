import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM'] as const;
/** Milliseconds until an interrupted process exits by force: a starting adapter may hold it up. */
const grace = 3000;

/** Ctrl-C ends a run in good order; a second one ends the process at once. */
export class Interruption {
  private readonly controller = new AbortController();
  private received: NodeJS.Signals = 'SIGINT';
  private overdue: NodeJS.Timeout | undefined;

  constructor(private readonly announce: () => void) {
    for (const name of signals) process.once(name, this.abort);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the run. @returns the exit code of a process ended by the signal. */
  end(): number {
    clearTimeout(this.overdue);
    this.announce();
    return this.exitCode;
  }

  release(): void {
    for (const name of signals) process.off(name, this.abort);
  }

  private get exitCode(): number {
    return 128 + constants.signals[this.received];
  }

  private readonly abort = (name: NodeJS.Signals): void => {
    this.received = name;
    this.release();
    this.overdue = setTimeout(() => process.exit(this.end()), grace);
    this.controller.abort(new Error(`interrupted by ${name}`));
  };
}
