import { UsageError } from '../lib/usage-error.js';
import { hostAbove, noteAsked } from '../runner/host/suite-asked.js';

/**
 * Refuses, and notes for its host, a command started by a kernel under judgement, except `rank`,
 * which MPI starts below a host. @throws {UsageError}
 */
export function refuseKernels(command: string | undefined): void {
  const host = command === 'rank' ? undefined : hostAbove();
  if (host === undefined) return;
  noteAsked(host);
  throw new UsageError('a kernel that is being judged started the suite, which answers it nothing: compute from the arguments alone');
}
