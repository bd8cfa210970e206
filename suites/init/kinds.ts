/** Kind of adapter that `attn-cts init` can write. */
export interface InitKind {
  /** Languages and kernels of the kind. */
  readonly what: string;
  /** Value of `--adapter`. @param path of a file. @param python an interpreter with NumPy. */
  adapter(path: (file: string) => string, python: string): string;
}

/** Kinds by name, in the order of the help. */
export const initKinds = {
  module: {
    what: 'JavaScript or TypeScript: a module that exports an adapter',
    adapter: (path) => path('kernel.mjs'),
  },
  wgsl: {
    what: 'a WebGPU shader, with a manifest of its bindings and dispatch',
    adapter: (path) => `wgsl:${path('kernel.json')}`,
  },
  native: {
    what: 'C, C++ or anything else that makes a shared library, with a manifest of its symbol and arguments',
    adapter: (path) => `native:${path('kernel.json')}`,
  },
  onnx: {
    what: 'a model, run by ONNX Runtime',
    adapter: (path) => `onnx:${path('kernel.onnx')}`,
  },
  python: {
    what: 'a Python function: NumPy, PyTorch, JAX, Triton',
    adapter: (path) => `python:${path('kernel.py')}:attention`,
  },
  paged: {
    what: 'a Python function that decodes over a KV cache in pages, and takes no other call',
    adapter: (path) => `python:${path('kernel.py')}:decode`,
  },
  process: {
    what: 'any other language: a program that speaks a protocol of JSON lines',
    adapter: (path, python) => `process:${python} ${path('kernel.py')}`,
  },
} as const satisfies Record<string, InitKind>;

export type InitKindName = keyof typeof initKinds;

export const initKindNames = Object.keys(initKinds) as InitKindName[];
