import type { Claims } from '../../spec/claims/claims.js';
import type { Property } from '../contract/property.js';
import type { CaseRunner } from '../runner/run/case-runner.js';
import type { FailureKeeper } from '../runner/run/check-context.js';

/** Started adapter of a test file. */
export interface Session extends AsyncDisposable {
  readonly id: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly claims: Claims;
  readonly failures: FailureKeeper;
  runnerFor(property: Property): Promise<CaseRunner>;
}

/** Adapter that is unavailable on this machine. */
export interface Missing {
  readonly id: string;
  readonly reason: string;
  readonly remedy: string;
}
