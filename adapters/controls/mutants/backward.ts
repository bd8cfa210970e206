import { tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Call } from '../../kernel.js';
import { addKeyGradient, addValueGradient } from '../reference/steps/gradients.js';
import { cap } from '../reference/steps/scores.js';
import type { Fault } from './lib/mutant.js';
import { mutantsOf } from './lib/mutant.js';
import { withoutOption } from './lib/options.js';
import { mapTensors } from './lib/outputs.js';

export const backwardMutants = mutantsOf('Backward', [
  {
    id: 'delta-left-out',
    title: 'dS lacks the sum of do·o',
    imitates: 'https://github.com/Dao-AILab/flash-attention/pull/2481',
    fault: { steps: { delta: () => 0 } },
  },
  {
    id: 'dk-without-scale',
    title: 'dk lacks the scale',
    imitates: 'the chain rule through scale·q·k applied to one factor alone',
    fault: { steps: { scaleKeyGradient: () => {} } },
  },
  {
    id: 'dq-scaled-twice',
    title: 'dq has the scale twice',
    imitates: 'kernels that scale Q beforehand, and scale its gradient again',
    fault: {
      steps: {
        scaleQueryGradient: (p, dq) => {
          p.arithmetic.multiply(dq, 0, dq.length, p.arithmetic.round(p.scale * p.scale));
        },
      },
    },
  },
  {
    id: 'softcap-slope-left-out',
    title: 'gradients pass the softcap as if its slope were 1',
    imitates: 'a softcap added to the forward pass of a kernel, and forgotten in its backward pass',
    fault: {
      steps: {
        cap: (p, row) => {
          cap(p, row);
          row.slopes.fill(1);
        },
      },
    },
  },
  {
    id: 'dlse-ignored',
    title: 'the gradient that comes through the LSE is ignored',
    imitates: 'https://github.com/Dao-AILab/flash-attention/issues/404',
    fault: { call: (call, pass) => (pass === 'backward' ? withoutTensor(call, 'dlse') : call) },
  },
  {
    id: 'causal-top-left-backward',
    title: 'the backward pass begins causal masks at the first key, whatever the lengths',
    imitates: 'a causal alignment that was changed in the forward kernel alone, as bottom-right came to FlashAttention 2.1',
    fault: { call: (call, pass) => (pass === 'backward' ? fromTopLeft(call) : call) },
  },
  {
    id: 'dv-overwritten',
    title: 'each query overwrites dv instead of adding to it',
    imitates: 'atomic additions turned into stores',
    fault: {
      steps: {
        addValueGradient: (p, row, weights, dO, at, dv, value) => {
          for (let t = 0; t < row.count; t++) dv.fill(0, value + row.keys[t] * p.e, value + (row.keys[t] + 1) * p.e);
          addValueGradient(p, row, weights, dO, at, dv, value);
        },
      },
    },
  },
  {
    id: 'dk-of-first-entry',
    title: 'dk of every batch entry is added to the first batch entry',
    imitates: 'https://github.com/XunhaoLai/native-sparse-attention-triton/issues/27',
    fault: {
      steps: {
        addKeyGradient: (p, row, scoreGradients, query, dk, key) =>
          addKeyGradient(p, row, scoreGradients, query, dk, key - row.b * p.hk * p.n * p.d),
      },
    },
  },
  {
    id: 'dsink-sign',
    title: 'the gradient of the sink has the wrong sign',
    imitates: 'https://github.com/fla-org/flash-linear-attention/pull/831',
    fault: ofGradient('dsink', (x) => -x),
  },
  {
    id: 'dbias-scaled',
    title: 'the gradient of the bias is 1.01 times too large',
    imitates: 'https://github.com/HKUSTDial/flash-sparse-attention/pull/199',
    fault: ofGradient('dbias', (x) => 1.01 * x),
  },
  {
    id: 'softcap-ignored-backward',
    title: 'the backward pass ignores the softcap',
    imitates: 'https://github.com/sgl-project/sglang/issues/33915',
    fault: { call: (call, pass) => (pass === 'backward' ? withoutOption(call, 'softcap') : call) },
  },
]);

function withoutTensor(call: Parameters<NonNullable<Fault['call']>>[0], name: string): typeof call {
  const { [name]: _, ...tensors } = call.tensors;
  return { ...call, tensors };
}

function ofGradient(gradient: string, change: (x: number) => number): Fault {
  return {
    wrap: ({ backward }) => ({
      backward: async (call) =>
        mapTensors(await backward(call), (t, name) => (name === gradient ? tensorOf(t.dtype, t.shape, valuesOf(t).map(change)) : t)),
    }),
  };
}

/** Replaces a named causal mask by a dense one that begins at the first key. */
function fromTopLeft(call: Call): Call {
  const { mask, dims, packed } = call.case;
  if (packed || !('name' in mask) || mask.name !== 'causal' || call.tensors.mask) return call;
  const { m, n } = dims;
  const seen = Uint8Array.from({ length: m * n }, (_, at) => (at % n <= Math.floor(at / n) ? 1 : 0));
  return {
    ...call,
    case: { ...call.case, mask: { name: 'full' } },
    tensors: { ...call.tensors, mask: tensor('bool', [1, 1, m, n], seen) },
  };
}
