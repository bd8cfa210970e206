import type { CheckResult } from '../../spec/types/documents.js';
import { type Cause, causesOf as causesAmong, type KnownFailure } from '../result/causes.js';
import { openText } from '../result/explanations.js';
import { describeCase, describeSizes } from '../text/describe-case.js';
import { clip } from '../text/plain-text.js';
import type { Implementation } from './implementations.js';
import type { CauseData, ImplementationData } from './site-data.js';

/** Returns a known reason of a failed check. */
export type KnownOf = (implementation: Implementation, check: CheckResult) => KnownFailure | undefined;

const longestTitle = 240;

/** Returns causes of failures, the worst first. @param places indices of checks, by id. */
export function causesOf(one: Implementation, at: number, places: ReadonlyMap<string, number>, knownOf: KnownOf): CauseData[] {
  return causesAmong([...one.checks.values()], (check) => knownOf(one, check)).map((cause) => causeData(cause, at, places));
}

function causeData(cause: Cause, implementation: number, places: ReadonlyMap<string, number>): CauseData {
  const { title, known, expected, smallest, others } = cause;
  const { failure, reason, verdict, class: kind = verdict } = smallest;
  const message = failure?.message ?? reason;
  const open = openText(smallest);
  return {
    implementation,
    title: clip(title, longestTitle),
    verdict,
    class: kind,
    ...(failure?.hint && { hint: failure.hint }),
    ...(open !== undefined && { open }),
    ...(failure?.where && { where: failure.where }),
    ...(failure?.weights && { weights: failure.weights }),
    ...known,
    expected,
    checks: [smallest, ...others].map(({ id }) => places.get(id) ?? -1),
    smallest: places.get(smallest.id) ?? -1,
    ...(failure && { described: describeCase(failure.case) }),
    ...(failure?.passesWith && { passes: describeSizes(failure.passesWith) }),
    ...(message && { message }),
  };
}

/** Returns the number of causes and the worst cause, for the landing page. */
export function worstCause(causes: readonly CauseData[]): Pick<ImplementationData, 'causes' | 'worst'> {
  const [worst] = causes;
  if (!worst) return { causes: 0 };
  const { title, class: kind, checks, expected } = worst;
  return { causes: causes.length, worst: { title: clip(title, 120), class: kind, checks: checks.length, expected } };
}
