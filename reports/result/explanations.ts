import { explanationText } from '../../spec/lib/explanation.js';
import type { CheckResult, Explanation, FailureSummary } from '../../spec/types/documents.js';
import { diagnosisKey } from './diagnosis-key.js';
import { isExpectedFailure, isFailure } from './result.js';

/** Classes of failure that may have an explanation. */
const explained = new Set(['value', 'lse', 'lse-merge', 'gradient']);

const most = 4;

/**
 * Shares hints between checks: a failure with several explanations gets the hint of failures of the
 * adapter that have only one of these. Drops contradictory advice.
 */
export function withSharedHints(checks: readonly CheckResult[]): CheckResult[] {
  const advised = new Set(checks.flatMap((check) => (isFailure(check) ? adviceOf(check) : [])));
  return withHints(checks).map((check) => withoutContradiction(check, advised));
}

function adviceOf({ adapter, failure }: CheckResult): string[] {
  const { hint } = failure ?? {};
  return hint !== undefined && !hint.includes(NOT_TO_DECLARE) && /\bdeclare it with /.test(hint)
    ? [`${adapter} ${diagnosisKey(hint)}`]
    : [];
}

const NOT_TO_DECLARE = '; but do not declare it: ';

/** Drops advice against a declaration that another failure of the adapter asks for. */
function withoutContradiction(check: CheckResult, advised: ReadonlySet<string>): CheckResult {
  const { adapter, failure } = check;
  const hint = failure?.hint;
  if (!failure || hint === undefined || !hint.includes(NOT_TO_DECLARE) || !advised.has(`${adapter} ${diagnosisKey(hint)}`)) return check;
  return { ...check, failure: { ...failure, hint: hint.slice(0, hint.indexOf(NOT_TO_DECLARE)) } };
}

function withHints(checks: readonly CheckResult[]): CheckResult[] {
  const settled = checks.filter((check) => isFailure(check) && check.failure?.explanations?.length === 1 && check.failure.hint);
  return checks.map((check) => {
    const { failure } = check;
    if (!isFailure(check) || !failure?.explanations || settled.includes(check)) return check;
    const hints = settled
      .filter((other) => other.adapter === check.adapter && leavesOneOf(failure, other.failure))
      .flatMap((other) => other.failure?.hint ?? []);
    const isOne = new Set(hints.map(diagnosisKey)).size === 1;
    const { where: _, weights: __, ...told } = failure;
    return isOne ? { ...check, failure: { ...told, hint: hints[0] } } : check;
  });
}

function leavesOneOf({ explanations: own = [] }: FailureSummary, { explanations: others = [] }: Partial<FailureSummary> = {}): boolean {
  const isLeft = (one: Explanation, other: Explanation) =>
    one.text === other.text && (!one.sizes || !other.sizes || other.sizes.some((size) => one.sizes?.includes(size)));
  return others.some((other) => own.some((one) => isLeft(one, other)));
}

/** Describes the remaining explanations of an unexpected failure without hint. */
export function openText(check: CheckResult): string | undefined {
  const { verdict, class: failureClass = '', failure } = check;
  if (failure?.hint !== undefined || isExpectedFailure(check) || verdict !== 'fail') return undefined;
  const left = failure?.explanations?.map(explanationText) ?? [];
  if (left.length > 0) return `these explanations all fit the failing cases: ${listed(left)}`;
  if (failure?.unexplained !== undefined)
    return `not found: an error of this suite ended the search; please report it: ${failure.unexplained}`;
  return explained.has(failureClass) ? 'not found: no mask, option, dialect or precision that was tried gives this output' : undefined;
}

function listed(texts: readonly string[]): string {
  const more = texts.length - most;
  return [...texts.slice(0, most), ...(more > 0 ? [`${more} more`] : [])].join('; ');
}
