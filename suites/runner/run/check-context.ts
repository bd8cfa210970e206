import type { Case, FailingCall, FailureSummary, WorstCase } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import type { ExpectationLookup } from '../../contract/expectation-lookup.js';
import type { FailureTensorFiles } from '../judge/judge-protocol.js';
import type { HuntTime } from '../search/hunt-time.js';
import type { KnownFailures } from '../search/known-failures.js';
import type { Failed } from './outcome.js';

/** Settings and services shared by the checks of a run. */
export interface CheckContext {
  readonly seed: number;
  readonly expectations?: ExpectationLookup;
  /** Index of the first case to judge; default 0. */
  readonly from?: number;
  /** Returns the saved cases of a check, which are judged first. */
  savedCases?(check: string): readonly Case[];
  /** Time for the search for cases near their bounds. */
  readonly hunt?: HuntTime;
  /** Returns the reason to stop the run now, if any. */
  stop(): string | undefined;
  onCases(check: Check, cases: number): void;
  readonly failures: FailureKeeper;
  /** Failures already shrunk; absent: each failure is shrunk. */
  readonly known?: KnownFailures;
}

export interface FailureKeeper {
  /** Keeps a failure. @returns its folder, relative to the result document, if any. */
  write(check: Check, failure: ExaminedFailure): Promise<string | undefined>;
}

/** Failure after shrinking and reruns. */
export interface ExaminedFailure {
  readonly case: Case;
  readonly failed: Failed;
  readonly reproduced: number;
  /** The case with the largest error before shrinking, if different. */
  readonly worst?: WorstCase;
  /** The wrong call, if the property makes several. */
  readonly call?: FailingCall;
  /** Sizes that make the case pass, each changed alone. */
  readonly passesWith?: FailureSummary['passesWith'];
  /** Tensors of the case, if the oracle can compute them. */
  readonly files?: FailureTensorFiles;
}
