import { closeData, keptData } from '../host/answer-data.js';
import type { HostCase } from '../host/host.js';
import type { CalledCase, CaseRunner } from '../run/case-runner.js';
import { type Failed, sameFailure } from '../run/outcome.js';

const PROCESSES = 2;

/** Hint about a failure that depends on earlier cases. */
export const keptFromBefore =
  'the case passes as the first one of a process: something is kept from an earlier case, such as a length, a table or a plan';

/** Classes that already mean kept state. */
const kept = ['stateless', 'captured', 'not-deterministic', 'ended'];

/** True if a failure may depend on earlier cases: unexplained, and not a comparison of calls. */
export function asksAfresh({ verdict, class: failureClass = '', explanations, entailed, hint }: Failed): boolean {
  if (verdict !== 'fail' || explanations || entailed || kept.includes(failureClass)) return false;
  return failureClass !== 'refused' || hint === undefined;
}

/** True if a failing case passes first in a process. @throws {NotRestarted} */
export async function passesAfresh(runner: CaseRunner, called: CalledCase): Promise<boolean> {
  const { supervisor } = runner;
  if (!supervisor.renew) return false;
  for (let process = 0; process < PROCESSES; process++) {
    await supervisor.renew();
    const [outcome] = await runner.run([called]);
    if (outcome?.status !== 'pass') return false;
  }
  return true;
}

/** Number of repeated runs of a failure. */
export const REPETITIONS = 5;

export interface Reproduction {
  readonly reproduced: number;
  readonly failed?: Failed;
  readonly answer?: Extract<HostCase, { kind: 'reply' }>;
}

/** Repeats a failing case. */
export async function reproduce(runner: CaseRunner, c: CalledCase, failed: Failed): Promise<Reproduction> {
  let reproduced = 0;
  let first: Failed | undefined;
  let answer: Reproduction['answer'];
  for (let left = REPETITIONS; left > 0; ) {
    const cases = new Array<CalledCase>(left).fill(c);
    const answers = await runner.call(cases);
    // the judge takes the buffers
    const copies = answers.map((a) => (a.kind === 'reply' ? { ...a, data: keptData(a.data) } : undefined));
    const { outcomes } = await runner.judge(cases, answers);
    for (const [i, outcome] of outcomes.entries()) {
      if (!sameFailure(failed, outcome)) continue;
      reproduced++;
      // tensors must match the reported failure
      if (first) continue;
      first = outcome;
      answer = copies[i];
    }
    for (const copy of copies) if (copy && copy !== answer) closeData(copy.data);
    left -= answers.length;
  }
  return { reproduced, ...(first && { failed: first }), ...(answer && { answer }) };
}
