import fc from 'fast-check';
import type { Capabilities, Case } from '../../../adapters/adapter.js';
import type { Call } from '../../../adapters/kernel.js';
import { contiguous, type Tensor, type Tensors, tensorOf, transpose } from '../../../spec/tensor/tensor.js';
import type { DType, Layout } from '../../../spec/types/documents.js';

/** Small calls within an adapter's claims, drawn without the project's own generators. */
export function calls(capabilities: Capabilities, dtype: DType, operator = 'softmax'): fc.Arbitrary<Call> {
  const softmax = operator === 'softmax';
  const limits = capabilities.limits ?? {};
  const named = softmax ? (capabilities.masks ?? ['full']) : ['full'];
  const dense = softmax
    ? { false: [], boolean: ['boolean'], additive: ['additive'], both: ['boolean', 'additive'] }[String(capabilities.denseMask ?? false)]
    : [];
  const optionNames = (capabilities.options ?? []).filter((name) => (name === 'eps') !== softmax);
  return fc
    .record({
      b: fc.integer({ min: 1, max: 2 }),
      hk: fc.integer({ min: 1, max: 3 }),
      g: capabilities.grouped === false ? fc.constant(1) : fc.integer({ min: 1, max: 3 }),
      m: fc.integer({ min: 1, max: 19 }),
      n: fc.integer({ min: 1, max: 35 }),
      d: limits.d ? fc.constantFrom(8, 16) : fc.integer({ min: 1, max: 9 }),
      e: fc.integer({ min: 1, max: 9 }),
      mask: fc.constantFrom(...named, ...(dense as string[])),
      shape: fc.constantFrom(...(capabilities.denseMaskShapes ?? ['b h m n'])),
      options: fc.subarray(optionNames),
      layout: fc.constantFrom(...(capabilities.layouts ?? (['bhld'] as Layout[])).filter((layout) => layout !== 'thd')),
      window: fc.tuple(fc.integer({ min: -1, max: 6 }), fc.integer({ min: -1, max: 3 })),
      side: fc.constantFrom('left', 'right'),
      seed: fc.nat(),
    })
    .map((r) => {
      const square = limits.m === '=n' || operator === 'linear-causal';
      const dims = { b: r.b, hk: r.hk, g: r.g, m: square ? r.n : r.m, n: r.n, d: r.d, e: limits.e === '=d' ? r.d : r.e };
      return build(operator, dtype, dims, r);
    });
}

interface Choices {
  readonly mask: string;
  readonly shape: string;
  readonly options: readonly string[];
  readonly layout: Layout;
  readonly window: readonly [number, number];
  readonly side: string;
  readonly seed: number;
}

function build(operator: string, dtype: DType, dims: Case['dims'], r: Choices): Call {
  const random = generator(r.seed);
  const { b, hk, g, m, n, d, e } = dims;
  const draw = (shape: number[], from = -1, to = 1) =>
    tensorOf(
      dtype,
      shape,
      Array.from({ length: size(shape) }, () => from + (to - from) * random()),
    );
  const laid = (t: Tensor) => (r.layout === 'blhd' ? contiguous(transpose(t, [0, 2, 1, 3])) : t);
  const tensors: Tensors = { q: laid(draw([b, hk * g, m, d], -2, 2)), k: laid(draw([b, hk, n, d], -2, 2)), v: laid(draw([b, hk, n, e])) };
  const broadcast = r.shape.split(' ').map((axis, i) => (axis === '1' ? 1 : [b, hk * g, m, n][i]));
  const options: Case['options'] = {};
  for (const name of r.options) {
    if (name === 'scale') options.scale = 0.5 + random();
    else if (name === 'softcap') options.softcap = 1 + random();
    else if (name === 'eps') options.eps = 1e-3;
    else {
      options[name] = true;
      tensors[name] = draw(name === 'bias' ? broadcast : [hk * g]);
    }
  }
  const visible = Array.from({ length: size(broadcast) }, () => (random() < 0.6 ? 1 : 0));
  let mask: Case['mask'] = { name: 'full' };
  if (r.mask === 'boolean') {
    mask = { name: 'dense' };
    tensors.mask = tensorOf('bool', broadcast, visible);
  } else if (r.mask === 'additive') {
    mask = { name: 'dense' };
    tensors.bias = tensorOf(
      dtype,
      broadcast,
      visible.map((x) => (x ? 0 : -Infinity)),
    );
    delete options.bias;
  } else if (r.mask === 'sliding-window') mask = { name: r.mask, parameters: { left: r.window[0], right: r.window[1] } };
  else if (r.mask === 'padding') {
    const lengths = Array.from({ length: b }, () => Math.floor(random() * (n + 1)));
    mask = { name: r.mask, parameters: { lengths, side: r.side } };
    tensors.lengths = tensorOf('i32', [b], lengths);
  } else mask = { name: r.mask };
  return {
    case: { operator, dims, mask, options, dtype, layout: r.layout, values: { distribution: 'uniform', seed: r.seed % 2 ** 31 } },
    tensors,
  };
}

function size(shape: readonly number[]): number {
  return shape.reduce((x, y) => x * y, 1);
}

/** Numerical Recipes' linear congruential generator, in [0, 1). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
