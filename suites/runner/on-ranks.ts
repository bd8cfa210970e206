import type { parallelCall } from '../../adapters/schemes/parallel-call.js';
import type { SchemeProgram } from '../../adapters/schemes/program.js';
import { Transports } from '../../adapters/schemes/transports.js';
import type { RankSetup } from '../../adapters/transports/transport.js';

/** A case on several ranks, with the adapter's own programs beside ours. The schemes are loaded where one is met. */
export const onRanks =
  (programs?: readonly SchemeProgram[]): typeof parallelCall =>
  async (library, kernel, capabilities, call, backward, transports) => {
    const schemes = await import('../../adapters/schemes/parallel-call.js');
    return schemes.parallelCall(library, kernel, capabilities, call, backward, transports, programs);
  };

/** The same, with ranks of the adapter in threads and processes for cases that name such a transport. They end with this process. */
export function onRanksOf(setup: RankSetup): typeof parallelCall {
  const transports = new Transports(setup);
  return (library, kernel, capabilities, call, backward) => onRanks(library, kernel, capabilities, call, backward, transports);
}
