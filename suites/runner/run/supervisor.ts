import type { CallSpec } from '../../properties/property.js';
import type { HostBatch, HostCase } from '../host/host.js';
import type { Explanation, Judged, JudgeTask } from '../judge/judge-protocol.js';

/** What holds a kernel and starts it anew whenever it has died: to its user, a crash ends one case. */
export interface Supervisor {
  /** Starts after the first. */
  readonly restarts: number;
  /** Milliseconds that calls took which started a job or compiled something. */
  readonly starting: number;
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
  /** The tensors of a case. @throws {Error} where the oracle fails on it. */
  explain(work: Omit<Extract<JudgeTask, { type: 'explain' }>, 'type'>): Promise<Explanation>;
}

/** The adapter opened once, and would not open again. */
export class NotRestarted extends Error {
  override readonly name = 'NotRestarted';
}

type Calls = readonly CallSpec[];

/**
 * Runs cases through hosts of which a call may be the end; `runOnce` starts another where the one before has ended.
 * A device that was lost may be whole again in a new host: that case is tried once more, alone.
 */
export async function runThrough(cases: readonly Calls[], runOnce: (cases: readonly Calls[]) => Promise<HostBatch>): Promise<HostCase[]> {
  if (cases.length === 0) return [];
  const { replies, end } = await runOnce(cases);
  if (!end) return replies;
  if (end.uncertain) return [...replies, ...(await oneByOne(cases.slice(replies.length), end.outcome, runOnce))];
  // replies to the cases before it that were lost with the host
  const again = await runThrough(cases.slice(replies.length, end.at), runOnce);
  const whole = again.length === end.at - replies.length && again.every((c) => c.kind === 'reply');
  if (!whole) return [...replies, ...again];
  if (!isDeviceLoss(end.outcome)) return [...replies, ...again, end.outcome];
  const alone = await runOnce([cases[end.at]]);
  if (alone.end) return [...replies, ...again, alone.end.outcome];
  return [...replies, ...again, ...alone.replies, ...(await runThrough(cases.slice(end.at + 1), runOnce))];
}

/** Runs cases alone to find the one that ended a host; the last one is it where none does so again. */
async function oneByOne(
  cases: readonly Calls[],
  outcome: HostCase,
  runOnce: (cases: readonly Calls[]) => Promise<HostBatch>,
): Promise<HostCase[]> {
  const replies: HostCase[] = [];
  for (const each of cases) {
    const { replies: own, end } = await runOnce([each]);
    if (end) return [...replies, end.outcome];
    replies.push(...own);
  }
  return [...replies.slice(0, -1), outcome];
}

function isDeviceLoss(outcome: HostCase): boolean {
  return outcome.kind === 'died' && outcome.class === 'device-lost';
}
