import type { CallSpec } from '../../contract/property.js';
import type { HostBatch, HostCase } from '../host/host.js';
import type { FailureTensorFiles, Judged, JudgeTask } from '../judge/judge-protocol.js';

/** Supervisor of a kernel, which starts it again whenever it has died, so that a crash ends one case only. */
export interface Supervisor {
  /** Number of starts after the first. */
  readonly restarts: number;
  /** Milliseconds of the calls that started a job or compiled something. */
  readonly starting: number;
  /** True if calling cases one by one costs no more than calling them together, so that a search stops at the first that it looks for. */
  readonly oneByOne?: boolean;
  /**
   * Runs cases and returns the result of each, in order. There are fewer results than `cases` if a case killed the kernel's process or
   * took too long; that case's result is the last.
   * @throws {NotRestarted} if the adapter could be opened before, but not again.
   */
  run(cases: readonly (readonly CallSpec[])[]): Promise<HostCase[]>;
  /** Ends the kernel's process: the next call is the first of another. Absent: the kernel has no process of its own. */
  renew?(): Promise<void>;
}

/** Judge that computes the verdicts on a kernel's answers. */
export interface Judging {
  /** Judges cases in order. The buffers are transferred to the judge. @throws {Error} if the judge itself failed. */
  judge(work: Omit<Extract<JudgeTask, { type: 'judge' }>, 'type'>): Promise<Judged>;
  /** Returns the tensors of a case. @throws {Error} if the oracle fails on it. */
  failureTensors(work: Omit<Extract<JudgeTask, { type: 'failure-tensors' }>, 'type'>): Promise<FailureTensorFiles>;
}

/** Error about an adapter that could be opened before, but not again. */
export class NotRestarted extends Error {
  override readonly name = 'NotRestarted';
}

type Calls = readonly CallSpec[];

/**
 * Runs cases in host processes that any call may end; `runOnce` starts another process if the one before has ended.
 * A device that was lost may work again in a new process: such a case is tried once more, alone.
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

/** Runs cases one by one to find the one that ended a host process. If none does so again, the last one is taken to be it. */
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
