import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { createLibrary } from '../../spec/library.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Call, Kernel } from '../kernel.js';
import { loadAdapter } from '../load.js';
import { loadPrograms } from '../parallel/job/load-programs.js';
import { runRank } from '../parallel/job/run-rank.js';
import { rankContext, schemeJob } from '../parallel/job/scheme-job.js';
import type { SchemeProgram } from '../parallel/program.js';
import { RankCommunicator } from '../parallel/transports/rank-communicator.js';
import type { RankReport, RankSetup } from '../parallel/transports/transport.js';
import type { WireEndpoint } from '../parallel/transports/wire-endpoint.js';

/** Rank with an open kernel, in any thread or process. */
export interface OpenRank {
  readonly library: SpecLibrary;
  readonly capabilities: FullCapabilities;
  readonly kernel: Kernel;
  readonly programs?: readonly SchemeProgram[];
}

/** Opens a rank's kernel and loads its programs. @throws {Unavailable} if that fails. */
export async function openRank({ source, load, documents, capabilities }: RankSetup): Promise<OpenRank> {
  const library = createLibrary(documents);
  const { operators, masks } = library;
  const adapter = await loadAdapter(source, { ...load, operators, masks });
  return {
    library,
    capabilities,
    kernel: await adapter.open(),
    programs: [...(adapter.programs ?? []), ...(await loadPrograms(documents))],
  };
}

/** Runs this rank's part of a call, from the first message to the last. */
export async function runOpenRank(
  { library, capabilities, kernel, programs }: OpenRank,
  call: Call,
  backward: boolean,
  endpoint: WireEndpoint,
): Promise<RankReport> {
  const job = schemeJob(library, capabilities, call, backward, programs);
  const context = { ...rankContext(job, endpoint.rank, kernel, capabilities), comm: new RankCommunicator(endpoint) };
  const start = performance.now();
  const result = await runRank(job.program, context, backward);
  await endpoint.finish();
  const nanoseconds = (performance.now() - start) * 1e6;
  const { sent, received } = endpoint.ledger.of(backward ? 'backward' : 'forward');
  return { result, sent, received, messages: endpoint.messages, nanoseconds };
}
