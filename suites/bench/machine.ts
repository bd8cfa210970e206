import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Environment } from '../../spec/types/documents.js';

/** Describes this machine. */
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

/** Software renderers: Mesa's, Google's, Microsoft's, portable OpenCL. */
const software = /llvmpipe|lavapipe|softpipe|swiftshader|\bwarp\b|basic render|pocl|software/i;

/** True for a software renderer, which is not ranked against devices. */
export function onSoftware(environment: Environment): boolean {
  return Object.values(environment).some((value) => software.test(value));
}
