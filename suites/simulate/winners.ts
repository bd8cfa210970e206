import type { Refusal, Simulation } from './simulate.js';

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
