import { UsageError } from '../lib/usage-error.js';
import { hostAbove, noteAsked } from '../runner/host/suite-asked.js';

/** Refuses a command that a kernel under judgement started. @throws {UsageError} */
export function refuseKernels(command: string | undefined): void {
  // MPI starts `rank` below a host
  const host = command === 'rank' ? undefined : hostAbove();
  if (host === undefined) return;
  noteAsked(host);
  throw new UsageError('the kernel that is being judged started the suite, which refuses to answer it: compute from the arguments alone');
}
