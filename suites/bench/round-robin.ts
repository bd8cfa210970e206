/** Interleaves loops step by step, in alternating order: disturbances meet all alike. */
export class RoundRobin {
  private readonly waiting = new Map<number, () => void>();
  private round = 0;
  private order: number[] = [];

  constructor(private members: readonly number[]) {}

  /** Waits for the member's turn and runs its step. */
  async take<T>(member: number, step: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.waiting.set(member, resolve);
      this.begin();
    });
    try {
      return await step();
    } finally {
      this.next();
    }
  }

  leave(member: number): void {
    this.members = this.members.filter((m) => m !== member);
    this.begin();
  }

  private begin(): void {
    if (this.order.length > 0 || this.members.length === 0 || !this.members.every((m) => this.waiting.has(m))) return;
    this.order = this.round++ % 2 === 0 ? [...this.members] : [...this.members].reverse();
    this.wake();
  }

  private next(): void {
    this.order.shift();
    if (this.order.length > 0) this.wake();
    else this.begin();
  }

  private wake(): void {
    const [member] = this.order;
    const resolve = this.waiting.get(member);
    this.waiting.delete(member);
    resolve?.();
  }
}
