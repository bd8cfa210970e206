import type { Cluster, Torus } from '../types/documents.js';

/** What a message takes: alpha + beta · bytes seconds. */
export interface Link {
  /** The class of the link. */
  readonly name: string;
  /** Seconds before the first byte. */
  readonly alpha: number;
  /** Seconds for each byte. */
  readonly beta: number;
}

/**
 * The link between two different devices, as a function; devices are counted so that those of a group follow each other.
 * Links of one cost are one object: a simulation asks a million times.
 * @throws {RangeError} (the function) for a device that the cluster has not.
 */
export function linksOf({ levels = [], torus }: Cluster): (from: number, to: number) => Link {
  if (torus) {
    const most = torus.dims.reduce((sum, dim) => sum + Math.floor(dim / 2), 0);
    const links = Array.from({ length: most + 1 }, (_, hops) => ({
      name: torus.name,
      alpha: torus.alpha * hops,
      beta: 1 / torus.bandwidth,
    }));
    return (from, to) => links[hopsBetween(torus, from, to)];
  }
  const links = levels.map(({ name, group, alpha, bandwidth }) => ({ group, link: { name, alpha, beta: 1 / bandwidth } }));
  return (from, to) => {
    const level = links.find(({ group }) => Math.floor(from / group) === Math.floor(to / group));
    if (!level) throw new RangeError(`devices ${from} and ${to} are not both in a cluster of ${levels.at(-1)?.group}`);
    return level.link;
  };
}

/** Links on the shortest way between two devices of a torus: in each dimension the shorter way round. */
export function hopsBetween({ dims }: Torus, from: number, to: number): number {
  let hops = 0;
  for (let x = dims.length - 1, a = from, b = to; x >= 0; a = Math.floor(a / dims[x]), b = Math.floor(b / dims[x]), x--) {
    const apart = Math.abs((a % dims[x]) - (b % dims[x]));
    hops += Math.min(apart, dims[x] - apart);
  }
  return hops;
}
