import { type ThreadTimes, timeOfBusiest } from './thread-times.js';

/** Share of the limit after which a call's CPU time is first read: shorter calls, almost all of them, cost no reading. */
const FIRST = 0.1;
/** Least share of the limit from one reading to the next. */
const STEP = 0.05;
/** Wall time that a call may take, in limits: it may wait for processors that others use, but not for ever. */
const WALL = 10;

/**
 * Time limit of a call, in milliseconds of CPU time of its busiest thread, so that a busy machine ends no call that an idle one would let end by
 * itself. A call that waits is ended after ten times as long by the wall. Where CPU time cannot be read, the limit is one of the wall.
 */
export class CallTimer {
  private timer: NodeJS.Timeout | undefined;
  private began = 0;
  private first: ThreadTimes | undefined;

  /** @param call what it runs in. @param onEnd called once with what the call exceeded, in words. */
  constructor(
    private readonly limit: number,
    private readonly call: { times(): ThreadTimes | undefined },
    private readonly onEnd: (exceeded: string) => void,
  ) {
    this.restart();
  }

  /** Begins anew: the call has given a sign of life. */
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
