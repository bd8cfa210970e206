import { Transports } from '../../../adapters/parallel/job/outside-transports.js';
import type { parallelCall } from '../../../adapters/parallel/job/parallel-call.js';
import type { SchemeProgram } from '../../../adapters/parallel/program.js';
import type { Limits, RankSetup } from '../../../adapters/parallel/transports/transport.js';

/** Runs cases on ranks. @param setup opens the adapter in threads and processes. */
export function onRanks(programs?: readonly SchemeProgram[], setup?: RankSetup, limits?: Limits): typeof parallelCall {
  const hostfile = setup?.load?.hostfile;
  const elsewhere = setup && new Transports(setup, { ...limits, ...(hostfile !== undefined && { mpi: { hostfile } }) });
  return async (library, kernel, capabilities, call, backward) => {
    const schemes = await import('../../../adapters/parallel/job/parallel-call.js');
    return schemes.parallelCall(library, kernel, capabilities, call, backward, elsewhere, programs);
  };
}
