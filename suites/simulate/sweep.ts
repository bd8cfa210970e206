import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Cluster } from '../../spec/types/documents.js';
import type { Combination, SchemeLoad } from './request.js';
import { type Refusal, type Simulation, simulate } from './simulate.js';

/**
 * The simulations of all combinations, one after the other.
 * @param record keeps the timelines. @param onBegin before each, with how many are done.
 * @throws {DocumentError} where the mask does not fit, or the cluster is too small.
 */
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
