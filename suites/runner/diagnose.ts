import type { Case } from '../../spec/types/documents.js';
import { type Diagnosis, hintOf } from '../properties/hints/diagnosis.js';
import type { CaseRunner } from './case-runner.js';
import { type Failed, type Outcome, sameFailure } from './outcome.js';

/** Most cases that are explained, of either kind: each takes many answers of the oracle. */
const MOST = 4;
/** Most keys of a further case. */
const MOST_KEYS = 256;

/**
 * What is said of a failure: what explains every case that was met while it shrank, and most of the others, since in the smallest one almost
 * anything fits.
 * @param adopted cases that failed the same way, the first one found first, the smallest last. @param others that failed too, in whatever way.
 */
export async function diagnose(
  runner: CaseRunner,
  adopted: readonly Case[],
  others: readonly Case[],
  failed: Failed,
): Promise<string | undefined> {
  if (failed.hint !== undefined || failed.verdict !== 'fail') return failed.hint;
  const own = (await explained(runner, spread(adopted, MOST))).filter((outcome) => sameFailure(failed, outcome));
  const telling = own.length === 0 ? [] : others.filter(({ dims: { m, n } }) => m > 1 && n > 1 && n <= MOST_KEYS);
  return hintOf(diagnosesOf(own), diagnosesOf(await explained(runner, telling.slice(0, MOST))));
}

async function explained(runner: CaseRunner, cases: readonly Case[]): Promise<Outcome[]> {
  if (cases.length === 0) return [];
  return runner.run(
    cases.map((c) => ({ case: c, calls: runner.property.calls(c, runner.capabilities) })),
    { diagnose: true },
  );
}

function diagnosesOf(outcomes: readonly Outcome[]): Diagnosis[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'failed' && outcome.diagnosis ? [outcome.diagnosis] : []));
}

/** The first, the last, and some between. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, x) => all[Math.round((x * (all.length - 1)) / (most - 1))]);
}
