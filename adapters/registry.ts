import type { Adapter } from './adapter.js';
import type { LoadOptions } from './kinds.js';

/** A built-in adapter: nothing of its backend is imported before it opens. */
export interface BuiltIn {
  readonly title: string;
  /** Slow to start or to call (another process, a browser, a GPU whose driver may be software): judged where it is named, or with `--apart`. */
  readonly apart?: true;
  load(options: LoadOptions): Promise<Adapter>;
}

const reference = () => import('./reference/index.js');
const tfjs = () => import('./tfjs/index.js');
const onnxruntime = () => import('./onnxruntime/index.js');

/** Every built-in adapter by its id, in the order in which reports show them. */
export const builtIns: Readonly<Record<string, BuiltIn>> = {
  reference: { title: 'Reference loops, online softmax', load: async () => (await reference()).reference },
  'reference-plain': { title: 'Reference loops, unfused', load: async () => (await reference()).referencePlain },
  'tfjs-cpu': { title: 'TensorFlow.js, CPU backend', load: async () => (await tfjs()).tfjsCpu },
  'tfjs-wasm': { title: 'TensorFlow.js, WebAssembly backend', load: async () => (await tfjs()).tfjsWasm },
  'tfjs-node': { title: 'TensorFlow.js for Node, CPU', load: async () => (await tfjs()).tfjsNode },
  'tfjs-node-gpu': { title: 'TensorFlow.js for Node, CUDA', load: async () => (await tfjs()).tfjsNodeGpu },
  'onnxruntime-attention': {
    title: 'ONNX Runtime CPU: ai.onnx Attention 24',
    load: async () => (await onnxruntime()).onnxruntimeAttention,
  },
  'onnxruntime-mha': {
    title: 'ONNX Runtime CPU: com.microsoft MultiHeadAttention',
    load: async () => (await onnxruntime()).onnxruntimeMha,
  },
  'onnxruntime-gqa': {
    title: 'ONNX Runtime CPU: com.microsoft GroupQueryAttention',
    load: async () => (await onnxruntime()).onnxruntimeGqa,
  },
};

/** Whether `--adapter SOURCE` names one of ours rather than a file. */
export function isBuiltIn(source: string): boolean {
  return Object.hasOwn(builtIns, source);
}
