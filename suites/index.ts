/** Public entry point of the package: the interface of an adapter, configuration, and running a plan. Everything else is internal. */
export type { Adapter, Call, Gradients, Kernel, Outputs } from '../adapters/adapter.js';
export { Unavailable, Unsupported } from '../adapters/adapter.js';
export type { Tensor, Tensors } from '../spec/tensor/tensor.js';
export type { Capabilities, Case, CheckResult, Config, Dialect, Result, Verdict } from '../spec/types/documents.js';
export { defineConfig } from './config.js';
export type { RunEvents, RunOptions } from './runner/options.js';
export { run } from './runner/run.js';
