import { Unsupported } from '../../adapters/kernel.js';
import { type Interval, simulateVirtual } from '../../adapters/parallel/job/simulation.js';
import { machineOf } from '../../spec/cluster/machine.js';
import { ratesOf } from '../../spec/cluster/rates.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Cluster, Scheme } from '../../spec/types/documents.js';
import { figuresOf, type PassFigures } from './figures.js';
import { type Combination, caseFor, type SchemeLoad } from './request.js';

/** Simulated figures of a scheme. */
export interface Simulation extends Combination {
  readonly forward: PassFigures;
  readonly backward?: PassFigures;
  readonly seconds: number;
  readonly share: number;
  /** Most bytes held by a rank; `fits` compares it with a device's memory. */
  readonly peakBytes: number;
  readonly fits: boolean;
  readonly messages: number;
  readonly timeline?: readonly Interval[];
}

/** Combination refused by the scheme, and why. */
export interface Refusal extends Combination {
  readonly refused: string;
}

/**
 * Runs a scheme's program on shapes, on the cluster's virtual clock.
 * @throws {DocumentError} if the mask does not fit the tokens, or the cluster is too small.
 */
export async function simulate(
  library: SpecLibrary,
  cluster: Cluster,
  combination: Combination,
  load: SchemeLoad,
  record = false,
): Promise<Simulation | Refusal> {
  const scheme = library.schemes.get(combination.scheme) as Scheme;
  const machine = machineOf(cluster, combination.ranks);
  const backward = load.backward && scheme.directions.includes('backward');
  const c = caseFor(library, scheme, combination, load);
  try {
    const run = await simulateVirtual(library, { case: c, backward, machine, record, merge: load.merge });
    const rates = ratesOf(cluster.device);
    const { b, hk, g, m, n } = c.dims;
    const rateOf = (pass: 'forward' | 'backward') => (cells: number) =>
      rates[pass] * (machine.blockRate?.(pass, (m * n) / combination.ranks ** 2, cells / (b * hk * g * m * n)) ?? 1);
    const forward = figuresOf(run.forward, 'forward', rateOf('forward'), load.dim);
    const back = run.backward && figuresOf(run.backward, 'backward', rateOf('backward'), load.dim);
    const seconds = forward.seconds + (back?.seconds ?? 0);
    const peakBytes = Math.max(forward.peakBytes, back?.peakBytes ?? 0);
    return {
      ...combination,
      forward,
      ...(back && { backward: back }),
      seconds,
      share: (forward.idealSeconds + (back?.idealSeconds ?? 0)) / seconds,
      peakBytes,
      fits: peakBytes <= cluster.device.memory,
      messages: run.messages,
      ...(run.timeline && { timeline: run.timeline }),
    };
  } catch (error) {
    if (error instanceof Unsupported) return { ...combination, refused: error.message };
    throw error;
  }
}
