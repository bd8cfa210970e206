import { findPython } from '../../../../adapters/backends/python/interpreter.js';
import type { Backend } from '../../../backend.js';
import { interpreterOf } from '../../../kernels/interpreter.js';

/** A Python of this machine that has the modules, or why there is none. */
export async function pythonWith(...modules: string[]): Promise<Backend & { readonly python: string }> {
  try {
    const python = await findPython(modules);
    return { python: interpreterOf(python) ?? python };
  } catch (error) {
    const why = (error as Error).message;
    if (process.env.ATTN_REQUIRE_BACKENDS === '1') throw new Error(`a Python with ${modules.join(', ')} must be on this machine: ${why}`);
    return { python: 'python3', missing: why };
  }
}
