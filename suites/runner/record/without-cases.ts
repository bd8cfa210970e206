import type { CheckResult } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';

/** Result of a check without cases. */
export function withoutCases(check: Check, verdict: 'unsupported' | 'unavailable' | 'not-run' | 'crash', reason: string): CheckResult {
  return { id: check.id, adapter: check.adapter, verdict, reason, cases: 0, undecided: 0, coverage: {}, milliseconds: 0 };
}

/** Result of a check ended by a fault of the suite. */
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

/** Result of a check whose adapter did not start again. */
export function notRestarted(check: Check, { message }: Error): CheckResult {
  return { ...withoutCases(check, 'crash', message), class: 'not-restarted' };
}
