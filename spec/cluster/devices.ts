import type { Cluster } from '../types/documents.js';

/** Number of devices in a cluster. */
export function devicesOf({ levels, torus }: Cluster): number {
  if (torus) return torus.dims.reduce((product, dim) => product * dim, 1);
  return levels?.at(-1)?.group ?? 0;
}
