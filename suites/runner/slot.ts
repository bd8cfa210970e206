import type { CallSpec } from '../properties/property.js';
import type { HostCase } from './host.js';
import type { Judged, JudgeTask } from './judge-protocol.js';

/** What holds a kernel and starts it anew whenever it has died: to its user, a crash ends one case. */
export interface Slot {
  /** Starts after the first. */
  readonly restarts: number;
  /**
   * What each case came to, in order: shorter than `cases` where one killed the kernel's process or took too long; that one is the last.
   * @throws {NotRestarted}
   */
  run(cases: readonly (readonly CallSpec[])[]): Promise<HostCase[]>;
}

/** What computes the verdicts on a kernel's answers. */
export interface Judging {
  /** Judges cases in order. The buffers are handed over. @throws {Error} where the judge itself failed. */
  judge(work: Omit<Extract<JudgeTask, { type: 'judge' }>, 'type'>): Promise<Judged>;
}

/** The adapter opened once, and would not open again. */
export class NotRestarted extends Error {
  override readonly name = 'NotRestarted';
}
