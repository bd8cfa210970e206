/** Message cost: `alpha` seconds in transit, and `beta` seconds per byte on both ports. */
export interface LinkCost {
  readonly alpha: number;
  readonly beta: number;
  /** Class of the cost; a rank has a sending and a receiving port for each class. */
  readonly name: string;
}

export type Pass = 'forward' | 'backward';

/** Simulated machine. Its functions run once per message or computation, so precompute answers. */
export interface VirtualMachine {
  /** Returns the cost of messages between two different ranks. */
  link(from: number, to: number): LinkCost;
  /** Returns the seconds that a rank's device takes for a number of floating-point operations. */
  seconds(flops: number, pass: Pass, rank: number): number;
  /** Returns a block's rate relative to `seconds`; `visible` is the share of visible cells. */
  blockRate?(pass: Pass, cells: number, visible: number): number;
  /** Seconds to start a kernel; default 0. */
  readonly blockSeconds?: number;
  /** Seconds to move a byte in memory outside of a kernel, e.g. to merge outputs; default 0. */
  readonly byteSeconds?: number;
}
