import type { Simulations } from '../../../spec/types/documents.js';

/** A simulation of a share of the ideal; or, with a text, a refused one. */
export function simulated(scheme: string, outcome: number | string, tokens = 1024): Simulations[number] {
  const which = { cluster: 'made up', workload: 'causal', scheme, ranks: 8, tokens };
  if (typeof outcome === 'string') return { ...which, refused: outcome };
  const one = { mean: 1, most: 1 };
  const forward = {
    seconds: 2,
    idealSeconds: 2 * outcome,
    share: outcome,
    sentBytes: one,
    bytesByLink: { NVLink: 8 },
    peakBytes: 5,
    imbalance: 1.5,
    computeSeconds: one,
    idleSeconds: one,
  };
  return { ...which, forward, seconds: 2, share: outcome, peakBytes: 5, fits: false, messages: 8 };
}
