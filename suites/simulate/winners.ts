import type { Refusal, Simulation } from './simulate.js';

/** For each number of ranks and of tokens the simulation that takes the least time, of those that fit in memory. */
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
