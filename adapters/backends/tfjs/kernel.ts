import type * as tfjs from '@tensorflow/tfjs';
import { contiguousData, type Tensor, type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import { type Call, type Gradients, type Kernel, type Outputs, Unsupported } from '../../kernel.js';
import { featureMap, linearAttention } from './linear.js';
import { type Inputs, numberOption, type Operator, type Tf } from './operator.js';
import { softmaxAttention } from './softmax.js';

/** Causal linear attention with the states φ(k)vᵀ and φ(k), summed along the sequence. */
const linearCausalAttention: Operator = (tf, _inputs, c) => {
  const { b, hk, g, n, d, e } = c.dims;
  const eps = numberOption(c, 'eps', 1e-6);
  return ({ q, k, v }) => {
    // [b·hk, n, g, d]: query heads of a group are rows of one product with their key head's state
    const fq = tf.transpose(featureMap(tf, tf.reshape(q, [b * hk, g, n, d])), [0, 2, 1, 3]);
    const fk = tf.reshape(featureMap(tf, k), [b * hk, n, d, 1]);
    const numerator = tf.matMul(fq, prefixSums(tf, tf.mul(fk, tf.reshape(v, [b * hk, n, 1, e]))));
    const denominator = tf.matMul(fq, prefixSums(tf, fk));
    const o = tf.div(numerator, tf.add(denominator, eps));
    return { o: tf.reshape(tf.transpose(o, [0, 2, 1, 3]), [b, hk * g, n, e]) };
  };
};

/** Sums axis 1 of [·, n, ·, ·], moved last: elsewhere tf.cumsum's gradient is wrong (4.22). */
function prefixSums(tf: Tf, x: tfjs.Tensor): tfjs.Tensor {
  return tf.transpose(tf.cumsum(tf.transpose(x, [0, 2, 3, 1]), 3), [0, 3, 1, 2]);
}

/** softmax over the channels of q, times (softmax over the positions of k)ᵀ v. */
const efficientAttention: Operator = (tf, _inputs, c) => {
  const { b, hk, g, m, d, e } = c.dims;
  return ({ q, k, v }) => {
    const context = tf.matMul(tf.softmax(tf.transpose(k, [0, 1, 3, 2])), v);
    return { o: tf.reshape(tf.matMul(tf.softmax(tf.reshape(q, [b, hk, g * m, d])), context), [b, hk * g, m, e]) };
  };
};

const operators: Readonly<Record<string, Operator>> = {
  softmax: softmaxAttention,
  linear: linearAttention,
  'linear-causal': linearCausalAttention,
  efficient: efficientAttention,
};

const differentiable = ['q', 'k', 'v', 'sink', 'bias', 'alibi'];

/** Attention on a backend of TensorFlow.js, with gradients by its automatic differentiation. */
export class TfjsKernel implements Kernel {
  readonly environment: Readonly<Record<string, string>>;
  readonly #tf: Tf;
  readonly #backend: string;

  constructor(tf: Tf, backend: string, environment: Record<string, string>) {
    this.environment = environment;
    this.#tf = tf;
    this.#backend = backend;
  }

  forward(call: Call): Promise<Outputs> {
    return this.#compute(() => {
      const inputs = this.#upload(call.tensors);
      return { ...operatorOf(call)(this.#tf, inputs, call.case)(inputs) };
    });
  }

  backward(call: Call): Promise<Gradients> {
    const tf = this.#tf;
    return this.#compute(() => {
      const inputs = this.#upload(call.tensors);
      // a bias that holds only a mask has no gradient
      const names = differentiable.filter((name) => inputs[name] && (name !== 'bias' || call.case.options.bias === true));
      const run = operatorOf(call)(tf, inputs, call.case);
      const loss = (...variables: tfjs.Tensor[]): tfjs.Scalar => {
        const { o, lse } = run({ ...inputs, ...Object.fromEntries(names.map((name, i) => [name, variables[i]])) });
        const weighted = tf.sum(tf.mul(o, inputs.do));
        return (lse && inputs.dlse ? tf.add(weighted, tf.sum(tf.mul(lse, inputs.dlse))) : weighted) as tfjs.Scalar;
      };
      const gradients = tf.grads(loss)(names.map((name) => inputs[name]));
      return Object.fromEntries(names.map((name, i) => [`d${name}`, gradients[i]]));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // every call frees its tensors, and other users of the package share the backend
  }

  /** Runs on this kernel's backend, downloads the results, and frees every tensor. */
  async #compute(run: () => Inputs): Promise<Tensors> {
    if (this.#tf.getBackend() !== this.#backend) await this.#tf.setBackend(this.#backend);
    const results = this.#tf.tidy(run);
    try {
      return Object.fromEntries(await Promise.all(Object.entries(results).map(async ([name, t]) => [name, await download(t)] as const)));
    } finally {
      this.#tf.dispose(results);
    }
  }

  #upload(tensors: Tensors): Inputs {
    return Object.fromEntries(
      Object.entries(tensors).flatMap(([name, t]) => (t.dtype === 'f32' || t.dtype === 'bool' ? [[name, this.#tensorOf(t)]] : [])),
    );
  }

  #tensorOf(t: Tensor): tfjs.Tensor {
    return this.#tf.tensor(contiguousData(t) as Float32Array | Uint8Array, [...t.shape], t.dtype === 'bool' ? 'bool' : 'float32');
  }
}

function operatorOf(call: Call): Operator {
  const operator = operators[call.case.operator];
  if (!operator) throw new Unsupported(`operator ${call.case.operator}`);
  return operator;
}

async function download(t: tfjs.Tensor): Promise<Tensor> {
  return tensor('f32', t.shape, (await t.data()) as Float32Array);
}
