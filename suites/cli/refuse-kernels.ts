import { UsageError } from '../lib/usage-error.js';
import { hostAbove, noteAsked } from '../runner/host/suite-asked.js';

/**
 * Refuses a command line that a kernel under judgement started, and notes it for its host, whose verdict is `misbehaviour`. `rank` alone is let through:
 * MPI starts it below a host, and it answers nothing.
 * @throws {UsageError} if a kernel started it.
 */
export function refuseKernels(command: string | undefined): void {
  const host = command === 'rank' ? undefined : hostAbove();
  if (host === undefined) return;
  noteAsked(host);
  throw new UsageError('a kernel that is being judged started the suite, which answers it nothing: compute from the arguments alone');
}
