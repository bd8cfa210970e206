/** The time that a run hunts for, divided over its checks: what one check leaves, or does not need, the later ones have. */
export class HuntTime {
  private left: number;

  /** @param seconds for the whole run. @param checks that are to have a part of it. @param atATime how many of them run at once. */
  constructor(
    seconds: number,
    private checks: number,
    atATime: number,
  ) {
    this.left = seconds * 1000 * Math.max(1, Math.min(atATime, checks));
  }

  /** Milliseconds for the next check. */
  take(): number {
    const share = Math.max(0, this.left) / Math.max(1, this.checks--);
    this.left -= share;
    return share;
  }

  /** Takes back what a check did not use of its share; negative where it took more. */
  giveBack(milliseconds: number): void {
    this.left += milliseconds;
  }
}
