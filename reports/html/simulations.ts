import type { RefusedSimulation, Simulated, Simulations } from '../../spec/types/documents.js';
import { groupBy } from '../result/result.js';
import type { SimulationData, SimulationPoint } from './site-data.js';

/** Document of `simulate --json`. */
export interface SimulationSource {
  readonly file: string;
  readonly simulations: Simulations;
}

/** Groups simulations by cluster and workload, to draw them together. */
export function simulationData({ file, simulations }: SimulationSource): SimulationData[] {
  const groups = groupBy<Simulated | RefusedSimulation, string>(simulations, ({ cluster, workload }) =>
    JSON.stringify([cluster, workload]),
  );
  return [...groups.values()].map((of) => ({
    file,
    cluster: of[0].cluster,
    workload: of[0].workload,
    points: of.flatMap((s) => ('refused' in s ? [] : [pointOf(s)])),
    refused: [...new Set(of.flatMap((s) => ('refused' in s ? [s.refused] : [])))],
  }));
}

function pointOf({ scheme, ranks, tokens, share, seconds, forward, peakBytes, fits }: Simulated): SimulationPoint {
  return { scheme, ranks, tokens, share, seconds, imbalance: forward.imbalance, sentBytes: forward.sentBytes.mean, peakBytes, fits };
}
