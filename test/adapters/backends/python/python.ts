import { findPython } from '../../../../adapters/backends/python/interpreter.js';
import type { Backend } from '../../../backend.js';

/** A Python of this machine that has the modules, or why there is none. */
export async function pythonWith(...modules: string[]): Promise<Backend & { readonly python: string }> {
  try {
    return { python: await findPython(modules) };
  } catch (error) {
    const why = (error as Error).message;
    if (process.env.ATTN_REQUIRE_BACKENDS === '1') throw new Error(`a Python with ${modules.join(', ')} must be on this machine: ${why}`);
    return { python: 'python3', missing: why };
  }
}
