import { Transports } from '../../../adapters/parallel/job/outside-transports.js';
import type { parallelCall } from '../../../adapters/parallel/job/parallel-call.js';
import type { SchemeProgram } from '../../../adapters/parallel/program.js';
import type { Limits, RankSetup } from '../../../adapters/parallel/transports/transport.js';

/**
 * A case on several ranks, with the adapter's own programs beside ours. The schemes are loaded where one is met.
 * @param setup opens the adapter in threads and processes, for cases that name such a transport. They end with this process.
 */
export function onRanks(programs?: readonly SchemeProgram[], setup?: RankSetup, limits?: Limits): typeof parallelCall {
  const hostfile = setup?.load?.hostfile;
  const elsewhere = setup && new Transports(setup, { ...limits, ...(hostfile !== undefined && { mpi: { hostfile } }) });
  return async (library, kernel, capabilities, call, backward) => {
    const schemes = await import('../../../adapters/parallel/job/parallel-call.js');
    return schemes.parallelCall(library, kernel, capabilities, call, backward, elsewhere, programs);
  };
}
