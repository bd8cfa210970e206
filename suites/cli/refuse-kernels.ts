import { UsageError } from '../lib/usage-error.js';
import { hostAbove, noteAsked } from '../runner/host/suite-asked.js';

/**
 * Refuses a command line started by a kernel under judgement, and notes it for the kernel's host,
 * which judges `misbehaviour`. `rank` is allowed: MPI starts it below a host.
 * @throws {UsageError} if a kernel started it.
 */
export function refuseKernels(command: string | undefined): void {
  const host = command === 'rank' ? undefined : hostAbove();
  if (host === undefined) return;
  noteAsked(host);
  throw new UsageError('a kernel that is being judged started the suite, which answers it nothing: compute from the arguments alone');
}
