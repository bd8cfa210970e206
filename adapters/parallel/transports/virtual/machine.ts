/**
 * Cost of a message between two ranks: `alpha` seconds in transit, and `beta` seconds per byte on
 * the ports of both ranks.
 */
export interface LinkCost {
  readonly alpha: number;
  readonly beta: number;
  /** Class of the cost: a rank has one sending and one receiving port for each class. */
  readonly name: string;
}

export type Pass = 'forward' | 'backward';

/**
 * Machine on which a job is simulated. It may be asked once for every message and every computation,
 * so answers should be precomputed.
 */
export interface VirtualMachine {
  /**
   * Returns the cost of messages between two ranks.
   * @param from a rank other than `to`.
   */
  link(from: number, to: number): LinkCost;
  /** Returns the seconds that a rank's device takes for a number of floating-point operations. */
  seconds(flops: number, pass: Pass, rank: number): number;
  /**
   * Rate of a kernel on a block of attention over that of `seconds`; every block is as fast if
   * absent. `visible` is the share of the block's cells that are visible.
   */
  blockRate?(pass: Pass, cells: number, visible: number): number;
  /** Seconds to start a kernel; 0 if absent. */
  readonly blockSeconds?: number;
  /**
   * Seconds for a device to move a byte in its memory outside of a kernel, as when outputs of
   * blocks are merged; 0 if absent.
   */
  readonly byteSeconds?: number;
}
