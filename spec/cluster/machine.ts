import { DocumentError } from '../lib/documents.js';
import type { BlockCurve, Cluster, Device } from '../types/documents.js';
import { devicesOf } from './devices.js';
import { type Link, linksOf } from './link.js';
import { ratesOf } from './rates.js';

/**
 * Rate of a kernel on a block, relative to the device's measured causal attention.
 * @param cells of the block, including hidden ones.
 * @param visible share of visible cells: ½ is causal, 1 is full.
 */
type BlockRate = (pass: 'forward' | 'backward', cells: number, visible: number) => number;

/** Rates of a device's blocks; undefined if all are equally fast. */
export function blockRateOf({ blocks, measured }: Pick<Device, 'blocks' | 'measured'>): BlockRate | undefined {
  if (!blocks) return undefined;
  const { tokens, forward, backward = forward } = blocks;
  const sizes = tokens.map(Math.log2);
  const own = Math.log2(measured?.tokens ?? tokens[tokens.length - 1]);
  const curves = { forward: curveOf(forward, forward), backward: curveOf(backward, forward) };
  const units = { forward: at(sizes, curves.forward.causal, own), backward: at(sizes, curves.backward.causal, own) };
  return (pass, cells, visible) => {
    const { full, causal } = curves[pass];
    const size = Math.log2(cells) / 2;
    const hidden = Math.min(1, 2 * (1 - visible));
    return (hidden * at(sizes, causal, size) + (1 - hidden) * at(sizes, full, size)) / units[pass];
  };
}

/** A curve with causal rates, by default in the ratio of the forward pass. */
function curveOf({ full, causal }: BlockCurve, forward: BlockCurve): Required<BlockCurve> {
  return { full, causal: causal ?? full.map((rate, i) => (rate * (forward.causal?.[i] ?? forward.full[i])) / forward.full[i]) };
}

function at(sizes: readonly number[], rates: readonly number[], size: number): number {
  const last = sizes.length - 1;
  if (size <= sizes[0]) return rates[0];
  if (size >= sizes[last]) return rates[last];
  let next = 1;
  while (sizes[next] < size) next++;
  const part = (size - sizes[next - 1]) / (sizes[next] - sizes[next - 1]);
  return rates[next - 1] + part * (rates[next] - rates[next - 1]);
}

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
