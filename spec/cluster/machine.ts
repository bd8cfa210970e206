import { DocumentError } from '../lib/documents.js';
import type { Cluster } from '../types/documents.js';
import { type BlockRate, blockRateOf } from './block-rate.js';
import { devicesOf } from './devices.js';
import { type Link, linksOf } from './link.js';
import { ratesOf } from './rates.js';

/** Costs of messages and work on the first ranks of a cluster. */
export interface Machine {
  link(from: number, to: number): Link;
  seconds(flops: number, pass: 'forward' | 'backward'): number;
  /** Relative rate of a kernel on a block; absent if all are equally fast. */
  readonly blockRate?: BlockRate;
  readonly blockSeconds: number;
  readonly byteSeconds: number;
}

/** Machine of a cluster. @throws {DocumentError} if it has fewer devices than ranks. */
export function machineOf(cluster: Cluster, ranks: number, document = `cluster ${cluster.name}`): Machine {
  const devices = devicesOf(cluster);
  if (ranks > devices) {
    const path = cluster.torus ? '$.torus.dims' : `$.levels[${(cluster.levels?.length ?? 1) - 1}].group`;
    throw new DocumentError(document, path, `the cluster has ${devices} devices, too few for ${ranks} ranks`);
  }
  const rates = ratesOf(cluster.device);
  const blockRate = blockRateOf(cluster.device);
  return {
    link: linksOf(cluster),
    seconds: (flops, pass) => flops / rates[pass],
    ...(blockRate && { blockRate }),
    blockSeconds: cluster.device.launch,
    byteSeconds: 1 / (cluster.device.memoryBandwidth ?? Number.POSITIVE_INFINITY),
  };
}
