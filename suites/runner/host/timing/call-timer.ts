import { type ThreadTimes, timeOfBusiest } from './thread-times.js';

/** Share of the limit before the first reading of CPU time: most calls end earlier. */
const FIRST = 0.1;
const STEP = 0.05;
/** Wall time limit relative to the CPU time limit: a call may wait for busy processors. */
const WALL = 10;

/**
 * Limit on the CPU time of a call's busiest thread, so that a busy machine ends no call. A waiting
 * call ends after ten times the limit; without CPU times, the limit is wall time.
 */
export class CallTimer {
  private timer: NodeJS.Timeout | undefined;
  private began = 0;
  private first: ThreadTimes | undefined;

  constructor(
    private readonly limit: number,
    private readonly call: { times(): ThreadTimes | undefined },
    private readonly onEnd: (exceeded: string) => void,
  ) {
    this.restart();
  }

  /** Restarts after a sign of life. */
  restart(): void {
    this.began = performance.now();
    if (this.timer && this.first === undefined) this.timer.refresh();
    else this.wait(FIRST * this.limit, () => this.begin());
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private wait(milliseconds: number, then: () => void): void {
    clearTimeout(this.timer);
    this.first = undefined;
    this.timer = setTimeout(then, milliseconds);
  }

  private begin(): void {
    const first = this.call.times();
    this.wait((1 - FIRST) * this.limit, () => this.look(first));
    this.first = first ?? new Map();
  }

  private look(first: ThreadTimes | undefined): void {
    const { limit } = this;
    const now = first && this.call.times();
    const left = first && now ? (1 - FIRST) * limit - timeOfBusiest(first, now) : 0;
    const wall = WALL * limit - (performance.now() - this.began);
    if (left > 0 && wall > 0) {
      this.wait(Math.min(wall, Math.max(left, STEP * limit)), () => this.look(first));
      this.first = first;
    } else {
      this.onEnd(
        left > 0 ? `no answer within ${(WALL * limit) / 1000} s` : `no answer within ${limit / 1000} s${now ? ' of CPU time' : ''}`,
      );
    }
  }
}
