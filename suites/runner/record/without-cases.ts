import type { CheckResult } from '../../../spec/types/documents.js';
import type { Check } from '../../plan/plan.js';

/** What a check without cases came to. */
export function withoutCases(check: Check, verdict: 'unsupported' | 'unavailable' | 'not-run' | 'crash', reason: string): CheckResult {
  return { id: check.id, adapter: check.adapter, verdict, reason, cases: 0, undecided: 0, coverage: {}, milliseconds: 0 };
}

/** A check that one of our own faults ended. */
export function suiteError(check: Check, error: unknown): CheckResult {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    id: check.id,
    adapter: check.adapter,
    verdict: 'error',
    class: 'suite',
    reason,
    cases: 0,
    undecided: 0,
    coverage: {},
    milliseconds: 0,
  };
}

/** A check whose adapter opened once, and would not open again. */
export function notRestarted(check: Check, { message }: Error): CheckResult {
  return { ...withoutCases(check, 'crash', message), class: 'not-restarted' };
}
