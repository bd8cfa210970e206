import type { Adapter } from '../../adapters/adapter.js';
import type { Call, Kernel } from '../../adapters/kernel.js';
import { tensorOf, valuesOf } from '../../spec/tensor/tensor.js';

/** Steps that a faulty kernel replaces. */
export interface SigmoidSteps {
  readonly weight: (score: number) => number;
  /** Hidden keys are left out. */
  readonly masked: boolean;
  readonly gradient: (weight: number, dWeight: number, score: number) => number;
}

const { fround } = Math;

/** 1/(1 + exp(−s)) in float32, as it stands: at s = −90 it is 0. */
const right: SigmoidSteps = {
  weight: (s) => fround(1 / fround(1 + fround(Math.exp(-s)))),
  masked: true,
  gradient: (w, dw, s) => fround(fround(dw * w) * complement(s)),
};

/** 1 − σ(s) as σ(−s), which does not cancel; where exp(s) overflows, by exp(−s), which then is a subnormal number and not 0. */
function complement(s: number): number {
  const below = fround(Math.exp(-s));
  return s > 0 ? fround(below / fround(1 + below)) : fround(1 / fround(1 + fround(Math.exp(s))));
}

export const sigmoidCapabilities: Adapter['capabilities'] = {
  dtypes: ['f32'],
  operators: ['my-sigmoid'],
  masks: ['full', 'causal'],
  denseMask: 'boolean',
  options: ['scale'],
  gradients: true,
};

/** Plain loops, every step rounded to float32. */
export function sigmoidKernel(steps: Partial<SigmoidSteps> = {}): Kernel {
  const { weight, masked, gradient } = { ...right, ...steps };
  return {
    environment: {},
    forward: async (call) => {
      const { o, p } = start(call);
      eachPair(call, masked, (at, values) => {
        const w = weight(score(at, values));
        for (let x = 0; x < p.e; x++) o[at.row * p.e + x] = fround(o[at.row * p.e + x] + fround(w * values.v[at.key * p.e + x]));
      });
      return { o: tensorOf('f32', [p.b, p.hk * p.g, p.m, p.e], o) };
    },
    backward: async (call) => {
      const { p } = start(call);
      const dq = new Float64Array(p.b * p.hk * p.g * p.m * p.d);
      const dk = new Float64Array(p.b * p.hk * p.n * p.d);
      const dv = new Float64Array(p.b * p.hk * p.n * p.e);
      const dO = valuesOf(call.tensors.do);
      eachPair(call, masked, (at, values) => {
        const s = score(at, values);
        const w = weight(s);
        let dw = 0;
        for (let x = 0; x < p.e; x++) {
          const g = dO[at.row * p.e + x];
          dw = fround(dw + fround(g * values.v[at.key * p.e + x]));
          dv[at.key * p.e + x] = fround(dv[at.key * p.e + x] + fround(w * g));
        }
        const ds = fround(gradient(w, dw, s) * values.scale);
        for (let x = 0; x < p.d; x++) {
          dq[at.row * p.d + x] = fround(dq[at.row * p.d + x] + fround(ds * values.k[at.key * p.d + x]));
          dk[at.key * p.d + x] = fround(dk[at.key * p.d + x] + fround(ds * values.q[at.row * p.d + x]));
        }
      });
      return {
        dq: tensorOf('f32', call.tensors.q.shape, dq),
        dk: tensorOf('f32', call.tensors.k.shape, dk),
        dv: tensorOf('f32', call.tensors.v.shape, dv),
      };
    },
    [Symbol.asyncDispose]: async () => {},
  } satisfies Kernel;
}

interface Values {
  readonly q: Float64Array;
  readonly k: Float64Array;
  readonly v: Float64Array;
  readonly scale: number;
  readonly d: number;
}

interface Pair {
  readonly row: number;
  readonly key: number;
}

function start({ case: { dims } }: Call): { p: typeof dims; o: Float64Array } {
  return { p: dims, o: new Float64Array(dims.b * dims.hk * dims.g * dims.m * dims.e) };
}

function score({ row, key }: Pair, { q, k, scale, d }: Values): number {
  let s = 0;
  for (let x = 0; x < d; x++) s = fround(s + fround(q[row * d + x] * k[key * d + x]));
  return fround(s * scale);
}

/** Every query with every key that it sees: full and causal by name, any other mask as booleans. */
function eachPair({ case: c, tensors }: Call, masked: boolean, visit: (pair: Pair, values: Values) => void): void {
  const { b, hk, g, m, n, d } = c.dims;
  const values: Values = {
    q: valuesOf(tensors.q),
    k: valuesOf(tensors.k),
    v: valuesOf(tensors.v),
    scale: fround(typeof c.options.scale === 'number' ? c.options.scale : 1 / Math.sqrt(d)),
    d,
  };
  const mask = tensors.mask && valuesOf(tensors.mask);
  const causal = !mask && 'name' in c.mask && c.mask.name === 'causal';
  for (let row = 0; row < b * hk * g * m; row++) {
    const i = row % m;
    const h = Math.floor(row / m) % (hk * g);
    const group = Math.floor(row / (m * hk * g)) * hk + Math.floor(h / g);
    for (let j = 0; j < n; j++) {
      const sees = mask ? mask[row * n + j] !== 0 : !causal || j <= i + n - m;
      if (sees || !masked) visit({ row, key: group * n + j }, values);
    }
  }
}
