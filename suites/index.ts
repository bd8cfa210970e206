/** Public entry point: the adapter interface, configuration and `run`. The rest is internal. */
export type { Adapter } from '../adapters/adapter.js';
export type { Call, Durations, Gradients, Kernel, Outputs, Timing } from '../adapters/kernel.js';
export { Crashed, DeviceLost, Intruded, OutOfMemory, Unavailable, Unsupported } from '../adapters/kernel.js';
export { asNdarray, fromNdarray } from '../adapters/ndarray.js';
export { type AttentionState, emptyPartial, mergeInto, partialLike } from '../adapters/parallel/blocks/attention-state.js';
export type { Communicator } from '../adapters/parallel/communicator.js';
export type { RankContext, SchemeProgram, ShardGradients } from '../adapters/parallel/program.js';
export type { Tensor, Tensors } from '../spec/tensor/tensor.js';
export type { Capabilities, Case, CheckResult, Config, Dialect, Result, Verdict } from '../spec/types/documents.js';
export { defineConfig } from './config.js';
export {
  type AttentionCall,
  type AttentionVerdict,
  assertAttention,
  explainAttention,
  type TensorLike,
} from './expected/assert-attention.js';
export type { RunEvents, RunOptions } from './runner/run/options.js';
export { run } from './runner/run/run.js';
