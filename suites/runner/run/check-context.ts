import type { Case, FailingCall, WorstCase } from '../../../spec/types/documents.js';
import type { Check } from '../../plan/plan.js';
import type { Explanation } from '../judge/judge-protocol.js';
import type { HuntTime } from '../search/hunt-time.js';
import type { KnownFailures } from '../search/known-failures.js';
import type { ExpectationLookup } from './options.js';
import type { Failed } from './outcome.js';

/** What the checks of a run share. */
export interface CheckContext {
  /** The run's seed. */
  readonly seed: number;
  readonly expectations?: ExpectationLookup;
  /** Saved cases of a check, to be judged before its own. */
  savedCases?(check: string): readonly Case[];
  /** The time in which cases are looked for that are nearer to their bounds. */
  readonly hunt?: HuntTime;
  /** Why the run must stop now; undefined while it need not. */
  stop(): string | undefined;
  onCases(check: Check, cases: number): void;
  readonly failures: FailureKeeper;
  /** Failures that were made small already; absent: each failure is. */
  readonly known?: KnownFailures;
}

/** Where the failures of a run are kept. */
export interface FailureKeeper {
  /** @returns its folder, relative to the result document, where it has one. */
  write(check: Check, failure: ExaminedFailure): Promise<string | undefined>;
}

/** A failure as it is kept: made small, and run again. */
export interface ExaminedFailure {
  readonly case: Case;
  readonly failed: Failed;
  readonly reproduced: number;
  /** The case that was furthest off before it shrank, where that is another one. */
  readonly worst?: WorstCase;
  /** The wrong call, where the property makes several. */
  readonly call?: FailingCall;
  /** Its tensors, where the oracle can tell them. */
  readonly explanation?: Explanation;
}
