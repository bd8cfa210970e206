import { fileURLToPath } from 'node:url';
import { findPython } from '../../dist/adapters/backends/python/interpreter.js';
import { loadAdapter } from '../../dist/adapters/load.js';

const kernel = fileURLToPath(new URL('../kernels/numpy_flash.py', import.meta.url));
const adapter = await loadAdapter(`process:${await findPython(['numpy'])} ${kernel}`);

/** A Python process on small problems alone: one head, m, n ≤ 16, d, e ≤ 8, where NumPy's own time is small. */
export default {
  ...adapter,
  id: 'small-process',
  capabilities: {
    ...adapter.capabilities,
    limits: { b: { max: 1 }, hk: { max: 1 }, g: { max: 1 }, m: { max: 16 }, n: { max: 16 }, d: { max: 8 }, e: { max: 8 } },
  },
};
