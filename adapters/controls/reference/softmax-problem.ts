import type { TensorData } from '../../../spec/tensor/dtype.js';
import { rowMajor, type Tensor } from '../../../spec/tensor/tensor.js';
import type { Call } from '../../adapter.js';
import type { Arithmetic, Values } from './arithmetic.js';
import { type Broadcast, broadcast } from './broadcast.js';
import { load } from './load.js';
import { type MaskWindow, maskWindow } from './mask-window.js';
import { type Problem, readProblem } from './problem.js';
import type { Steps } from './steps.js';

/** Scaled dot-product attention with what may go with it. */
export interface SoftmaxProblem extends Problem, MaskWindow {
  readonly scale: number;
  /** 0: none. */
  readonly softcap: number;
  /** What is added to a query's index to place it among the keys. */
  readonly offset: number;
  /** Non-zero where the key is visible. */
  readonly mask?: { readonly data: TensorData; readonly at: Broadcast };
  readonly bias?: { readonly values: Values; readonly at: Broadcast };
  /** [heads]: slope, and extra logit. */
  readonly alibi?: Values;
  readonly sink?: Values;
}

/** @throws {Unsupported} for a mask that is neither among `masks` nor there as a tensor. */
export function readSoftmaxProblem(call: Call, arithmetic: Arithmetic, steps: Steps, masks: readonly string[]): SoftmaxProblem {
  const { case: c, tensors } = call;
  const problem = readProblem(call, arithmetic);
  const { scale, softcap } = c.options;
  return {
    ...problem,
    scale: arithmetic.round(typeof scale === 'number' ? scale : steps.defaultScale(problem)),
    softcap: typeof softcap === 'number' ? softcap : 0,
    offset: steps.offset(problem),
    ...maskWindow(call, masks),
    mask: tensors.mask && { data: tensors.mask.data, at: broadcast(tensors.mask) },
    bias: tensors.bias && readBias(tensors.bias),
    alibi: tensors.alibi && load(tensors.alibi),
    sink: tensors.sink && load(tensors.sink),
  };
}

function readBias(bias: Tensor): NonNullable<SoftmaxProblem['bias']> {
  return { values: load(bias), at: broadcast({ shape: bias.shape, strides: rowMajor(bias.shape), offset: 0 }) };
}
