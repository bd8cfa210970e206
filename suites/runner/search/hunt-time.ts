/** Hunting time of a run, shared by its checks; unused time goes to later ones. */
export class HuntTime {
  private left: number;

  /** @param seconds of the run. @param checks that share it. @param atATime parallel checks. */
  constructor(
    seconds: number,
    private checks: number,
    atATime: number,
  ) {
    this.left = seconds * 1000 * Math.max(1, Math.min(atATime, checks));
  }

  take(): number {
    const share = Math.max(0, this.left) / Math.max(1, this.checks--);
    this.left -= share;
    return share;
  }

  /** Returns unused milliseconds; negative for overtime. */
  giveBack(milliseconds: number): void {
    this.left += milliseconds;
  }
}
