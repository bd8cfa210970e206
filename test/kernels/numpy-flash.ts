import { fileURLToPath } from 'node:url';
import { findPython } from '../../adapters/backends/python/interpreter.js';
import { absent, type Backend } from '../backend.js';
import { interpreterOf } from './interpreter.js';

const file = fileURLToPath(new URL('./numpy_flash.py', import.meta.url));
export const stridedFile = fileURLToPath(new URL('./strided_process.py', import.meta.url));

const found = await findPython(['numpy']).catch((error: Error) => error);

/** A Python that has NumPy; undefined if there is none. */
export const python = typeof found === 'string' ? (interpreterOf(found) ?? found) : undefined;

export const numpy: Backend = typeof found === 'string' ? {} : absent('a Python with NumPy', found.message);

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
