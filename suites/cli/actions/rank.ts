import { serveRank } from '../../../adapters/ranks/mpi-rank.js';

export interface RankFlags {
  readonly library: string;
}

/** Runs `attn-cts rank`, which ends the process itself. */
export async function rankAction({ library }: RankFlags): Promise<void> {
  await serveRank(library);
}
