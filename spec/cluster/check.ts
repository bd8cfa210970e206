import { DocumentError } from '../lib/documents.js';
import type { Cluster } from '../types/documents.js';
import { devicesOf } from './devices.js';

/** Checks the numbers of a cluster. @throws {DocumentError} at the first fault. */
export function checkCluster(cluster: Cluster, document = `cluster ${cluster.name}`): void {
  const fail = (path: string, problem: string): never => {
    throw new DocumentError(document, path, problem);
  };
  const { device, levels, torus } = cluster;
  if ((device.flops === undefined) === (device.measured === undefined))
    fail('$.device', 'must have either "flops" or "measured", and not both');
  const { measured } = device;
  if (measured && measured.both >= measured.forward)
    fail(
      '$.device.measured.both',
      `found ${measured.both}, must be less than "forward", ${measured.forward}: these are calls per second, and both passes take longer than the forward pass alone`,
    );
  checkBlocks(cluster, fail);
  if ((levels === undefined) === (torus === undefined)) fail('$', 'must have either "levels" or "torus", and not both');
  for (const [x, { name, group }] of (levels ?? []).entries()) {
    if (levels?.findIndex((level) => level.name === name) !== x)
      fail(`$.levels[${x}].name`, `"${name}" is already the name of another level`);
    const inner = levels?.[x - 1]?.group ?? 1;
    if (x > 0 && (group <= inner || group % inner !== 0))
      fail(`$.levels[${x}].group`, `found ${group}, must be a larger multiple of the group of the level inside it, ${inner}`);
  }
  const devices = devicesOf(cluster);
  if (!Number.isSafeInteger(devices)) fail('$.torus.dims', `makes ${devices} devices, which are too many to count`);
}

function checkBlocks({ device: { blocks } }: Cluster, fail: (path: string, problem: string) => never): void {
  if (!blocks) return;
  const { tokens, forward, backward } = blocks;
  for (const [x, size] of tokens.entries())
    if (x > 0 && size <= tokens[x - 1])
      fail(`$.device.blocks.tokens[${x}]`, `found ${size}, must be more than ${tokens[x - 1]}, before it`);
  for (const [pass, curve] of Object.entries({ forward, ...(backward && { backward }) }))
    for (const [of, rates] of Object.entries(curve))
      if (rates.length !== tokens.length)
        fail(
          `$.device.blocks.${pass}.${of}`,
          `found ${rates.length} rates, must be one for each of the ${tokens.length} sizes in "tokens"`,
        );
}
