import type { Claims } from '../../spec/claims/claims.js';
import type { Property } from '../contract/property.js';
import type { CaseRunner } from '../runner/run/case-runner.js';
import type { FailureKeeper } from '../runner/run/check-context.js';

/** An adapter that was started to be asked the checks of a test file. */
export interface Session extends AsyncDisposable {
  readonly id: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly claims: Claims;
  readonly failures: FailureKeeper;
  runnerFor(property: Property): Promise<CaseRunner>;
}

/** An adapter that is not on this machine. */
export interface Missing {
  readonly id: string;
  readonly reason: string;
  readonly remedy: string;
}
