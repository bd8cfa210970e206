import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Cluster } from '../../spec/types/documents.js';
import type { Combination, SchemeLoad } from './request.js';
import { type Refusal, type Simulation, simulate } from './simulate.js';

/** Fastest simulation that fits in memory, per number of ranks and tokens. */
export function winnersOf(simulations: readonly (Simulation | Refusal)[]): Simulation[] {
  const best = new Map<string, Simulation>();
  for (const simulation of simulations) {
    if ('refused' in simulation || !simulation.fits) continue;
    const place = `${simulation.ranks} ${simulation.tokens}`;
    const known = best.get(place);
    if (!known || simulation.seconds < known.seconds) best.set(place, simulation);
  }
  return [...best.values()];
}

/** Simulates all combinations in turn. @throws {DocumentError} like `simulate`. */
export async function sweep(
  library: SpecLibrary,
  cluster: Cluster,
  combinations: readonly Combination[],
  load: SchemeLoad,
  record: boolean,
  onBegin: (done: number, combination: Combination) => void,
): Promise<(Simulation | Refusal)[]> {
  const simulations: (Simulation | Refusal)[] = [];
  for (const combination of combinations) {
    onBegin(simulations.length, combination);
    simulations.push(await simulate(library, cluster, combination, load, record));
  }
  return simulations;
}
