import { fileURLToPath } from 'node:url';
import { type Backend, program } from '../backend.js';
import { interpreterOf } from './interpreter.js';

const file = fileURLToPath(new URL('./numpy_flash.py', import.meta.url));
export const stridedFile = fileURLToPath(new URL('./strided_process.py', import.meta.url));

/** The first that has NumPy. */
export const python = interpreterOf('python3', 'numpy') ?? interpreterOf('/usr/bin/python3', 'numpy');

export const numpy: Backend = python ? {} : program('python3 with NumPy', 'apt install python3-numpy');

/** `--adapter` of numpy_flash.py, which stands for a kernel that somebody else wrote. */
export function numpyFlash(...flags: string[]): string {
  return `process:"${[python, file, ...flags].join(' ')}"`;
}

/** Its deliberate faults, with a check that finds each. */
export const numpyFaults: Readonly<Record<string, string>> = {
  'drop-diagonal': 'softmax/causal/oracle/f32',
  'tile-heads': 'softmax+grouped/any/oracle/f32',
  'log2-lse': 'softmax/full/oracle/f32',
  'no-delta': 'softmax/causal/gradient/f32',
};
