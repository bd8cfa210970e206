import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Environment } from '../../spec/types/documents.js';

/** Description of this machine, on which timings are made. */
export function machineOf(): Environment {
  const all = cpus();
  return {
    platform: platform(),
    release: release(),
    arch: arch(),
    cpu: all[0]?.model.trim() || 'unknown',
    cores: String(all.length),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
  };
}

/** Names of software renderers, which compute on the CPU what a GPU would: Mesa's, Google's, Microsoft's, the portable OpenCL. */
const software = /llvmpipe|lavapipe|softpipe|swiftshader|\bwarp\b|basic render|pocl|software/i;

/** Tells whether an adapter's device is a software renderer, by its environment. Times of these are not ranked against real devices. */
export function onSoftware(environment: Environment): boolean {
  return Object.values(environment).some((value) => software.test(value));
}
