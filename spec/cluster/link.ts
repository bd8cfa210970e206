import type { Cluster, Torus } from '../types/documents.js';

/** Link between devices: a message takes alpha + beta · bytes seconds. */
export interface Link {
  readonly name: string;
  /** Seconds before the first byte. */
  readonly alpha: number;
  /** Seconds for each byte. */
  readonly beta: number;
}

/**
 * Returns a function from two devices to their shared link; devices of a group are consecutive.
 * @throws {RangeError} from the returned function, for a device outside the levels.
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

/** Hops between two devices of a torus, by the shorter way in each dimension. */
export function hopsBetween({ dims }: Torus, from: number, to: number): number {
  let hops = 0;
  for (let x = dims.length - 1, a = from, b = to; x >= 0; a = Math.floor(a / dims[x]), b = Math.floor(b / dims[x]), x--) {
    const apart = Math.abs((a % dims[x]) - (b % dims[x]));
    hops += Math.min(apart, dims[x] - apart);
  }
  return hops;
}
