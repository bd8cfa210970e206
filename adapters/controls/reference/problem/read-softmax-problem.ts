import type { Tensor } from '../../../../spec/tensor/tensor.js';
import { rowMajor } from '../../../../spec/tensor/tensor.js';
import type { Call } from '../../../kernel.js';
import type { Arithmetic } from '../arithmetic/arithmetic.js';
import type { Steps } from '../steps/steps.js';
import { broadcast } from './broadcast.js';
import { load } from './load.js';
import { maskWindow } from './mask-window.js';
import { loadProblem } from './problem.js';
import type { SoftmaxProblem } from './softmax-problem.js';

/** @throws {Unsupported} for a mask that is neither among `masks` nor a tensor. */
export function readSoftmaxProblem(call: Call, arithmetic: Arithmetic, steps: Steps, masks: readonly string[]): SoftmaxProblem {
  const { case: c, tensors } = call;
  const problem = loadProblem(call, arithmetic);
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
