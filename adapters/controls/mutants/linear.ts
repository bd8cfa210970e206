import { type Tensor, tensorOf, transpose, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Call } from '../../kernel.js';
import { mutantsOf, type Passes } from './lib/mutant.js';
import { withoutOption } from './lib/options.js';

const operators = ['linear-decay'];
const layers = ['linear-softmax'];

export const linearMutants = mutantsOf('Linear attention', [
  {
    id: 'linear-diagonal-lost',
    title: 'a token reads the state before its own key is in it',
    imitates: 'a causal state that is updated after the query has read it',
    operators,
    fault: { call: (call) => ({ ...call, tensors: { ...call.tensors, q: decayedOnce(call), k: late(call, 'k'), v: late(call, 'v') } }) },
  },
  {
    id: 'linear-decay-once-too-often',
    title: 'a token’s own key is already decayed when it reads the state',
    imitates: 'a decay counted from 1: the whole state, including the new key, is multiplied after the update',
    operators,
    fault: { call: (call) => ({ ...call, tensors: { ...call.tensors, q: decayedOnce(call) } }) },
  },
  {
    id: 'linear-decay-of-first-head',
    title: 'every head has the decay of the first',
    imitates: 'slopes per head, but the kernel reads one for the whole launch',
    operators,
    fault: {
      call: (call) => ({ ...call, tensors: { ...call.tensors, ...(call.tensors.decay && { decay: firstOf(call.tensors.decay) }) } }),
    },
  },
  {
    id: 'layers-without-the-first',
    title: 'the softmax layer reads v instead of the output of the linear layer',
    imitates: 'a hybrid model whose linear layers are skipped by a kernel that fuses the two',
    operators: layers,
    fault: { call: softmaxLayer },
  },
  {
    id: 'layers-gradient-of-keys-overwritten',
    title: 'the gradient of k is that of the softmax layer alone',
    imitates: 'a gradient that is stored where it should be added, of a tensor that several layers read',
    operators: layers,
    fault: {
      wrap: (passes) => ({
        backward: async (call) => ({ ...(await passes.backward(call)), dk: await lastOfKeys(passes, call) }),
      }),
    },
  },
  {
    id: 'layers-not-decayed',
    title: 'the states of the linear layer do not decay under a softmax layer',
    imitates: 'an argument of one kind of layer that a model with both kinds does not pass on',
    operators: layers,
    fault: { call: (call) => withoutOption(call, 'decay') },
  },
]);

function softmaxLayer(call: Call): Call {
  const { case: c, tensors } = withoutOption(call, 'decay');
  return { case: { ...c, operator: 'softmax' }, tensors };
}

/** Computes dk of the softmax layer, over values from the linear layer. */
async function lastOfKeys(passes: Passes, call: Call): Promise<Tensor> {
  const { case: c, tensors } = call;
  const { scale: _, ...options } = c.options;
  const { n } = c.dims;
  const first: Call = {
    case: { ...c, operator: 'linear-decay', dims: { ...c.dims, g: 1, m: n }, mask: { name: 'full' }, options },
    tensors: { ...tensors, q: tensors.k },
  };
  const { o: v } = await passes.forward(first);
  const { case: second, tensors: own } = softmaxLayer(call);
  return (await passes.backward({ case: second, tensors: { ...own, v } })).dk;
}

/** Scales queries as if their states had decayed by one more token. */
function decayedOnce({ case: c, tensors: { q, decay } }: Call): Tensor {
  if (!decay) return q;
  const rates = valuesOf(decay);
  return changed(c.layout, q, (values, [, , rows, d]) =>
    values.map((x, at) => x * Math.exp(-rates[Math.floor(Math.floor(at / (rows * d)) / c.dims.g) % c.dims.hk])),
  );
}

/** Shifts keys or values by one token, with zeros for the first. */
function late({ case: c, tensors }: Call, name: 'k' | 'v'): Tensor {
  return changed(c.layout, tensors[name], (values, [, , rows, d]) =>
    values.map((_, at) => (Math.floor(at / d) % rows === 0 ? 0 : values[at - d])),
  );
}

function firstOf(decay: Tensor): Tensor {
  const [first] = valuesOf(decay);
  return tensorOf(decay.dtype, decay.shape, valuesOf(decay).fill(first));
}

/** Changes a tensor's elements, in the order [b, h, rows, d]. */
function changed(layout: string, t: Tensor, change: (values: Float64Array, shape: readonly number[]) => Float64Array): Tensor {
  const exchange = (x: Tensor) => (layout === 'blhd' ? transpose(x, [0, 2, 1, 3]) : x);
  const { shape } = exchange(t);
  return exchange(tensorOf(t.dtype, shape, change(Float64Array.from(valuesOf(exchange(t))), shape)));
}
