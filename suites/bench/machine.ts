import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Environment } from '../../spec/types/documents.js';

/** What timings were made on. */
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

/** Renderers that compute on a processor what a GPU would: Mesa's, Google's, Microsoft's, the portable OpenCL. */
const software = /llvmpipe|lavapipe|softpipe|swiftshader|\bwarp\b|basic render|pocl|software/i;

/** Whether an adapter's device is one, by what it says it runs on. Times of such devices are not ranked against real ones. */
export function onSoftware(environment: Environment): boolean {
  return Object.values(environment).some((value) => software.test(value));
}
