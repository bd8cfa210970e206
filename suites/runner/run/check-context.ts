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
  readonly from?: number;
  savedCases?(check: string): readonly Case[];
  readonly hunt?: HuntTime;
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
  readonly worst?: WorstCase;
  readonly call?: FailingCall;
  /** Sizes that make the case pass, each changed alone. */
  readonly passesWith?: FailureSummary['passesWith'];
  readonly files?: FailureTensorFiles;
}
