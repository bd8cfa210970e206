import type { Case, FailingCall, FailureSummary, WorstCase } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import type { ExpectationLookup } from '../../contract/expectation-lookup.js';
import type { FailureTensorFiles } from '../judge/judge-protocol.js';
import type { HuntTime } from '../search/hunt-time.js';
import type { KnownFailures } from '../search/known-failures.js';
import type { Failed } from './outcome.js';

/** Settings and services that the checks of a run share. */
export interface CheckContext {
  /** The run's seed. */
  readonly seed: number;
  readonly expectations?: ExpectationLookup;
  /** Index of the first case that is judged, where those before it were judged earlier; 0 if absent. */
  readonly from?: number;
  /** Returns the saved cases of a check, which are judged before its own. */
  savedCases?(check: string): readonly Case[];
  /** Time for the search for cases that are nearer to their bounds. */
  readonly hunt?: HuntTime;
  /** Returns the reason why the run must stop now; undefined while it need not. */
  stop(): string | undefined;
  onCases(check: Check, cases: number): void;
  readonly failures: FailureKeeper;
  /** Failures that were shrunk already; if absent, each failure is shrunk. */
  readonly known?: KnownFailures;
}

/** Keeper of a run's failures. */
export interface FailureKeeper {
  /** Keeps a failure. @returns its folder, relative to the result document, if it has one. */
  write(check: Check, failure: ExaminedFailure): Promise<string | undefined>;
}

/** Failure as it is kept, after it was shrunk and run again. */
export interface ExaminedFailure {
  readonly case: Case;
  readonly failed: Failed;
  readonly reproduced: number;
  /** The case that was furthest off before shrinking, if that is another one. */
  readonly worst?: WorstCase;
  /** The wrong call, if the property makes several. */
  readonly call?: FailingCall;
  /** Sizes with which the case passes, each in place of its own. */
  readonly passesWith?: FailureSummary['passesWith'];
  /** Tensors of the case, if the oracle can compute them. */
  readonly files?: FailureTensorFiles;
}
