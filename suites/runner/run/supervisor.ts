import type { CallSpec } from '../../contract/property.js';
import type { HostBatch, HostCase } from '../host/host.js';
import type { FailureTensorFiles, Judged, JudgeTask } from '../judge/judge-protocol.js';

/** Supervisor of a kernel. It restarts a dead kernel, so that a crash ends one case only. */
export interface Supervisor {
  readonly restarts: number;
  /** Milliseconds of calls that started a job or compiled. */
  readonly starting: number;
  /** Single cases cost no more than batches, so a search stops at its first find. */
  readonly oneByOne?: boolean;
  /**
   * Runs cases in order. If one kills the process or takes too long, its result is the last.
   * @throws {NotRestarted} if the adapter opened before, but not again.
   */
  run(cases: readonly (readonly CallSpec[])[]): Promise<HostCase[]>;
  /** Ends the kernel's process; the next call starts another. Absent: no separate process. */
  renew?(): Promise<void>;
}

/** Judge of a kernel's answers. */
export interface Judging {
  /** Judges cases in order. The buffers are transferred. @throws {Error} if the judge failed. */
  judge(work: Omit<Extract<JudgeTask, { type: 'judge' }>, 'type'>): Promise<Judged>;
  /** Returns the tensors of a case. @throws {Error} if the oracle fails on it. */
  failureTensors(work: Omit<Extract<JudgeTask, { type: 'failure-tensors' }>, 'type'>): Promise<FailureTensorFiles>;
}

/** Thrown when an adapter that opened before does not open again. */
export class NotRestarted extends Error {
  override readonly name = 'NotRestarted';
}

type Calls = readonly CallSpec[];

/** Runs cases in hosts that any call may end. A case that lost the device is tried once more. */
export async function runThrough(cases: readonly Calls[], runOnce: (cases: readonly Calls[]) => Promise<HostBatch>): Promise<HostCase[]> {
  if (cases.length === 0) return [];
  const { replies, end } = await runOnce(cases);
  if (!end) return replies;
  if (end.uncertain) return [...replies, ...(await oneByOne(cases.slice(replies.length), end.outcome, runOnce))];
  // replies to earlier cases were lost with the host
  const again = await runThrough(cases.slice(replies.length, end.at), runOnce);
  const whole = again.length === end.at - replies.length && again.every((c) => c.kind === 'reply');
  if (!whole) return [...replies, ...again];
  if (!isDeviceLoss(end.outcome)) return [...replies, ...again, end.outcome];
  const alone = await runOnce([cases[end.at]]);
  if (alone.end) return [...replies, ...again, alone.end.outcome];
  return [...replies, ...again, ...alone.replies, ...(await runThrough(cases.slice(end.at + 1), runOnce))];
}

/** Finds the case that ended a host by running each alone; blames the last if all survive. */
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
