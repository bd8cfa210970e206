/** What a message between two ranks costs: `alpha` seconds on its way, and `beta` seconds a byte on the ports of both. */
export interface LinkCost {
  readonly alpha: number;
  readonly beta: number;
  /** The class of the cost: a rank has one port for each class. */
  readonly name: string;
}

export type Pass = 'forward' | 'backward';

/** The machine that a job is imagined on. Asked once for every message and every piece of work: answers are best made beforehand. */
export interface VirtualMachine {
  /** @param from another rank than `to`. */
  link(from: number, to: number): LinkCost;
  /** How long a rank's device takes for so many floating-point operations. */
  seconds(flops: number, pass: Pass, rank: number): number;
  /** What the start of a kernel adds, in seconds; 0 where absent. */
  readonly blockSeconds?: number;
  /** How long a device takes to move a byte in its memory beside a kernel, as when outputs of blocks are merged; 0 where absent. */
  readonly byteSeconds?: number;
}
