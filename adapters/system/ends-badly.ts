import { createRequire } from 'node:module';
import { basename } from 'node:path';

/**
 * Native modules of runtimes that may crash when their process ends, whatever the kernel that they ran: their threads outlive what they use.
 * ONNX Runtime, Dawn (WebGPU) and TensorFlow.
 */
const runtimes: readonly string[] = ['onnxruntime_binding.node', 'dawn.node', 'tfjs_binding.node'];

/** Tells whether a runtime is loaded in this process that may crash at its end through no fault of the kernel. */
export function hasRuntimeThatEndsBadly(): boolean {
  return Object.keys(createRequire(import.meta.url).cache).some((file) => runtimes.includes(basename(file)));
}
