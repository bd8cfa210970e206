import { contiguous, type Tensor } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../adapter.js';
import type { Call, Gradients, Kernel, Outputs } from '../../kernel.js';
import { arrayOf, type Jax, type JaxArray, swapHeads, tensorOf } from './arrays.js';

interface Globals {
  Float16Array?: unknown;
}

/** Methods of Iterator.prototype (ECMAScript 2025, 27.1.4). */
const helpers = {
  *map<A, B>(this: Iterable<A>, convert: (value: A, index: number) => B): Generator<B> {
    let index = 0;
    for (const value of this) yield convert(value, index++);
  },
  *filter<A>(this: Iterable<A>, keep: (value: A, index: number) => boolean): Generator<A> {
    let index = 0;
    for (const value of this) if (keep(value, index++)) yield value;
  },
};

/** Runs a function with features that jax-js 0.1 expects and Node 20 lacks, then removes them. */
export function withShims<T>(run: () => T): T {
  const undo: (() => void)[] = [];
  const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  for (const [name, value] of Object.entries(helpers)) {
    if (name in iterators) continue;
    Object.defineProperty(iterators, name, { value, configurable: true });
    undo.push(() => Reflect.deleteProperty(iterators, name));
  }
  const globals = globalThis as Globals;
  if (globals.Float16Array === undefined) {
    globals.Float16Array = class {};
    undo.push(() => Reflect.deleteProperty(globals, 'Float16Array'));
  }
  try {
    return run();
  } finally {
    for (const step of undo) step();
  }
}

type Options = NonNullable<Parameters<Jax['nn']['dotProductAttention']>[3]>;

/** Attention of jax-js and its `vjp`. Functions of jax-js consume their array arguments. */
export class JaxKernel implements Kernel {
  readonly environment: Readonly<Record<string, string>>;
  readonly #jax: Jax;

  constructor(jax: Jax, environment: Record<string, string>) {
    this.environment = environment;
    this.#jax = jax;
  }

  async forward({ case: c, tensors }: Call): Promise<Outputs> {
    const o = withShims(() => {
      const { q, k, v, ...given } = tensors;
      return this.#attention(c, [q, k, v].map((t) => this.#toJax(c, t)) as Heads, this.#options(given));
    });
    return { o: fromJax(c, await tensorOf(o)) };
  }

  async backward({ case: c, tensors }: Call): Promise<Gradients> {
    const names = ['q', 'k', 'v', ...(c.options.bias === true ? ['bias'] : [])];
    const gradients = withShims(() => {
      const { q, k, v, do: cotangent, ...given } = tensors;
      const options = this.#options(given);
      const run = (q: JaxArray, k: JaxArray, v: JaxArray, bias: JaxArray | undefined = options.bias as JaxArray | undefined) =>
        this.#attention(c, [q, k, v], { ...options, bias });
      const primals = [q, k, v].map((t) => this.#toJax(c, t));
      if (names.includes('bias')) primals.push(options.bias as JaxArray);
      const [o, pullBack] = this.#jax.vjp(run as (...inputs: JaxArray[]) => JaxArray, primals);
      o.dispose();
      const results = pullBack(this.#toJax(c, cotangent)) as JaxArray[];
      pullBack.dispose();
      return results;
    });
    const result: Gradients = {};
    for (const [i, name] of names.entries()) {
      const t = await tensorOf(gradients[i]);
      result[`d${name}`] = name === 'bias' ? t : fromJax(c, t);
    }
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // every call consumes its arrays, and other users of the package share the device
  }

  #attention(c: Case, [q, k, v]: Heads, options: Options): JaxArray {
    const named = 'name' in c.mask && !c.block ? c.mask : undefined;
    return this.#jax.nn.dotProductAttention(q, k, v, {
      ...options,
      ...(typeof c.options.scale === 'number' && { scale: c.options.scale }),
      ...(named?.name === 'causal' && { isCausal: true }),
      ...(named?.name === 'sliding-window' && { localWindowSize: windowOf(c, named.parameters) }),
    });
  }

  #options({ mask, bias, lengths }: Readonly<Record<string, Tensor>>): Options {
    const of = (t: Tensor) => arrayOf(this.#jax, t);
    return { ...(mask && { mask: of(mask) }), ...(bias && { bias: of(bias) }), ...(lengths && { keyValueSeqLengths: of(lengths) }) };
  }

  /** Converts a tensor in the case's layout to an array [b, l, h, d]. */
  #toJax(c: Case, t: Tensor): JaxArray {
    return arrayOf(this.#jax, c.layout === 'blhd' ? t : swapHeads(t));
  }
}

type Heads = [JaxArray, JaxArray, JaxArray];

function fromJax(c: Case, t: Tensor): Tensor {
  return c.layout === 'blhd' ? t : contiguous(swapHeads(t));
}

/** Returns the window [left, right]; an unbounded side (−1) becomes max(m, n). */
function windowOf({ dims: { m, n } }: Case, parameters: Readonly<Record<string, unknown>> = {}): [number, number] {
  const end = (size: unknown) => (size === -1 ? Math.max(m, n) : (size as number));
  return [end(parameters.left), end(parameters.right)];
}
