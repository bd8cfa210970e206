import type { VirtualPass } from '../../adapters/parallel/job/simulation.js';
import { flopsPerCell } from '../../spec/mask/flops.js';

interface Spread {
  readonly mean: number;
  readonly most: number;
}

/** Figures of a pass. */
export interface PassFigures {
  readonly seconds: number;
  /** Seconds of the work spread evenly, at a lone device's rate, without messages and launches. */
  readonly idealSeconds: number;
  /** idealSeconds / seconds. */
  readonly share: number;
  readonly sentBytes: Spread;
  /** Bytes sent by all ranks, by class of link. */
  readonly bytesByLink: Readonly<Record<string, number>>;
  readonly peakBytes: number;
  /** Largest ÷ mean area of a rank; 1 without cells. */
  readonly imbalance: number;
  readonly computeSeconds: Spread;
  /** Seconds in which a rank does not compute before the last one finishes. */
  readonly idleSeconds: Spread;
}

/** @param rateOf operations per second of a lone device by visible cells. @param dim head size. */
export function figuresOf(
  pass: VirtualPass,
  direction: 'forward' | 'backward',
  rateOf: (cells: number) => number,
  dim: number,
): PassFigures {
  const { seconds, ranks, bytesByLink } = pass;
  const spread = (of: (rank: VirtualPass['ranks'][number]) => number): Spread => {
    const values = ranks.map(of);
    return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, most: values.reduce((x, y) => Math.max(x, y), 0) };
  };
  const area = spread((rank) => rank.area);
  const computeSeconds = spread((rank) => rank.computeSeconds);
  // operators without cells, e.g. with a state, only report their compute time
  const work = area.mean * flopsPerCell(dim, dim)[direction];
  const idealSeconds = area.mean > 0 ? work / rateOf(area.mean * ranks.length) : computeSeconds.mean;
  return {
    seconds,
    idealSeconds,
    share: seconds > 0 ? idealSeconds / seconds : 1,
    sentBytes: spread((rank) => rank.sentBytes),
    bytesByLink,
    peakBytes: spread((rank) => rank.peakBytes).most,
    imbalance: area.mean > 0 ? area.most / area.mean : 1,
    computeSeconds,
    idleSeconds: spread((rank) => seconds - rank.computeSeconds),
  };
}
