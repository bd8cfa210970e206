import { createRequire } from 'node:module';
import { basename } from 'node:path';

/** Native modules with threads that may crash the process at its end, for any kernel. */
const runtimes: readonly string[] = ['onnxruntime_binding.node', 'dawn.node', 'tfjs_binding.node'];

/** Returns true if this process has loaded a runtime that may crash at the process's end. */
export function hasRuntimeThatEndsBadly(): boolean {
  return Object.keys(createRequire(import.meta.url).cache).some((file) => runtimes.includes(basename(file)));
}
