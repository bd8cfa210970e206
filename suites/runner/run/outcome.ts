import { rankTimeout } from '../../../adapters/backends/process/rank-limits.js';
import type { FailureSummary } from '../../../spec/types/documents.js';
import type { FailJudgement, PassJudgement } from '../../contract/property.js';
import type { Death } from '../host/host.js';
import type { CallFault } from '../host/wire.js';

/** Failure of a case. Shrinking keeps verdict and class. */
export interface Failed extends Omit<FailJudgement, 'status' | 'class'> {
  readonly status: 'failed';
  readonly verdict: 'fail' | 'crash' | 'timeout' | 'error';
  readonly class?: string;
  readonly printed?: string;
  /** The failure follows from other wrong answers, as the hint says. */
  readonly entailed?: true;
  /** Message of a suite error that ended the search for an explanation. */
  readonly unexplained?: string;
  readonly where?: string;
  readonly weights?: string;
}

/** Outcome of a case. `out-of-memory` is no failure: the machine was too small. */
export type Outcome =
  | PassJudgement
  | { readonly status: 'undecided'; readonly reason: string }
  | { readonly status: 'unsupported' | 'unavailable'; readonly reason: string }
  | { readonly status: 'out-of-memory'; readonly reason: string }
  | Failed;

export function sameFailure(a: Failed, b: Outcome): b is Failed {
  return b.status === 'failed' && b.verdict === a.verdict && b.class === a.class;
}

/** Kind shared by similar crashes, or `refusals` for all refusals; undefined for other verdicts. */
export function alikeKind(
  { verdict, class: failureClass }: Pick<Failed, 'class'> & { readonly verdict: string },
  refusals: string,
): string | undefined {
  if (verdict === 'crash') return `crash ${failureClass}`;
  return verdict === 'fail' && failureClass === 'refused' ? refusals : undefined;
}

export function died(death: Death, printed: string): Failed {
  if (death.class === rankTimeout) return timedOut(death.message, printed);
  return { status: 'failed', verdict: 'crash', class: death.class, message: `the kernel's process ${death.message}`, printed };
}

export function timedOut(message: string, printed: string): Failed {
  return { status: 'failed', verdict: 'timeout', message, printed };
}

/** Error of the suite, e.g. a judge that threw. Never a pass. */
export function oracleError(message: string): Failed {
  return { status: 'failed', verdict: 'error', class: 'oracle', message };
}

/** Outcome of a claimed call that ended with a fault. */
export function faultOutcome(fault: CallFault): Outcome {
  const { call } = fault;
  const failed = (failureClass: string, message: string): Failed => ({
    status: 'failed',
    verdict: 'fail',
    class: failureClass,
    message,
    call,
  });
  switch (fault.kind) {
    case 'out-of-memory':
      return { status: 'out-of-memory', reason: fault.message };
    case 'unavailable':
      return { status: 'unavailable', reason: fault.message };
    case 'derive':
      return oracleError(`the tensors of the case could not be made: ${fault.message}`);
    case 'unsupported':
      return failed('refused', `the kernel answered that it does not support a call inside its claims: ${fault.message}`);
    case 'error':
      return failed('refused', `the kernel threw: ${fault.message}`);
    default:
      return failed(fault.kind, fault.message);
  }
}

/** Worst element of a failure, with message and hints, as in documents. */
export function elementOf({
  output,
  index,
  expected,
  actual,
  bound,
  message,
  hint,
  explanations,
  entailed,
  unexplained,
  where,
  weights,
}: Failed): Omit<FailureSummary, 'case' | 'reproduced'> {
  return {
    ...(output !== undefined && { output }),
    ...(index && { index: [...index] }),
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    ...(bound !== undefined && { bound }),
    message,
    ...(hint !== undefined && { hint }),
    ...(explanations && { explanations: [...explanations] }),
    ...(entailed && { entailed }),
    ...(unexplained !== undefined && { unexplained }),
    ...(where !== undefined && { where }),
    ...(weights !== undefined && { weights }),
  };
}
