import type { CalledCase, CaseRunner } from '../run/case-runner.js';
import type { Failed } from '../run/outcome.js';

/** Processes in which a case must pass as the first one. */
const PROCESSES = 2;

/** Hint about a failure that depends on the cases before it. */
export const keptFromBefore =
  'the case passes as the first one of a process: something is kept from an earlier case, such as a length, a table or a plan';

/** Classes of failures that say themselves what is kept between calls. */
const kept = ['stateless', 'captured', 'not-deterministic', 'ended'];

/** Tells whether a failure may depend on the cases before it: no hypothesis explains it, and it is not one of calls that are compared. */
export function asksAfresh({ verdict, class: failureClass = '', explanations, entailed, hint }: Failed): boolean {
  if (verdict !== 'fail' || explanations || entailed || kept.includes(failureClass)) return false;
  return failureClass !== 'refused' || hint === undefined;
}

/** Tells whether a case that fails passes as the first one of a process. @throws {NotRestarted} if the adapter does not start again. */
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
