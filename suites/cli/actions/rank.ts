import { serveRank } from '../../../adapters/ranks/mpi-rank.js';

export interface RankFlags {
  readonly library: string;
}

/** `attn-cts rank`. It ends the process by itself. */
export async function rankAction({ library }: RankFlags): Promise<void> {
  await serveRank(library);
}
