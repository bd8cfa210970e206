import type { CalledCase, CaseRunner } from '../run/case-runner.js';
import type { Failed } from '../run/outcome.js';

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
