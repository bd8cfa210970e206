import { fileURLToPath } from 'node:url';
import { python } from './numpy-flash.js';

const file = fileURLToPath(new URL('./numpy_ring.py', import.meta.url));
export const ringDocument = fileURLToPath(new URL('./numpy-ring.json', import.meta.url));

/** `--adapter` of numpy_ring.py, which stands for a scheme that somebody else wrote. */
export function numpyRing(...flags: string[]): string {
  return `process:"${[python, file, '{world}', ...flags].join(' ')}"`;
}
