import type { VirtualPass } from '../../adapters/parallel/job/simulation.js';
import { flopsPerCell } from '../../spec/mask/flops.js';

/** Mean and largest value over the ranks of a world. */
interface Spread {
  readonly mean: number;
  readonly most: number;
}

/** Figures of a pass, in seconds and bytes. */
export interface PassFigures {
  readonly seconds: number;
  /** Seconds of the same work spread evenly over the ranks, at the rate of a device that has its own tokens alone, without messages and launches. */
  readonly idealSeconds: number;
  /** idealSeconds / seconds. */
  readonly share: number;
  /** Bytes that a rank sends. */
  readonly sentBytes: Spread;
  /** Bytes that all ranks send, by class of link. */
  readonly bytesByLink: Readonly<Record<string, number>>;
  /** Largest number of bytes that a rank holds at once. */
  readonly peakBytes: number;
  /** Largest area of a rank ÷ mean area; 1 if no cell was computed. */
  readonly imbalance: number;
  readonly computeSeconds: Spread;
  /** Seconds in which a rank does not compute until the last rank has finished. */
  readonly idleSeconds: Spread;
}

/**
 * Computes the figures of a pass.
 * @param rateOf floating-point operations a second of a device that has its own tokens alone, by the visible cells of all. @param dim size of a head, of keys and of
 * values.
 */
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
  // operators without cells, such as those with a state, say what they compute by its time alone
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
