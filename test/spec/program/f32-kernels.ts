import type { ProgramInputs } from '../../../spec/program/run.js';

const f = Math.fround;

export interface Results {
  [name: string]: Float64Array;
}

/** Σ over k of x(k)·y(k), every operation rounded to float32. */
function sumOf(length: number, term: (k: number) => number): number {
  let total = 0;
  for (let k = 0; k < length; k++) total = f(total + term(k));
  return total;
}

/**
 * How softmax attention is mostly written: every operation in float32, scores and probabilities of one row at a time; and its gradients, Δ = Σ P·dP.
 * @param stored rounds scores to the type in which they are stored.
 */
export function softmaxKernel(
  { sizes, tensors, options, offset, mask }: ProgramInputs,
  dO: Float64Array,
  dLse: Float64Array,
  stored = (score: number) => score,
): Results {
  const { b, hk, g, m, n, d, e } = sizes;
  const [q, k, v, bias, alibi, sink] = ['q', 'k', 'v', 'bias', 'alibi', 'sink'].map((name) => tensors[name]?.value);
  const scale = f(typeof options.scale === 'number' ? options.scale : 1 / Math.sqrt(d));
  const cap = typeof options.softcap === 'number' ? f(options.softcap) : undefined;
  const out: Results = {
    o: new Float64Array(dO.length),
    lse: new Float64Array(dLse.length).fill(-Infinity),
    q: new Float64Array(q.length),
    k: new Float64Array(k.length),
    v: new Float64Array(v.length),
    ...(bias && { bias: new Float64Array(bias.length) }),
    ...(alibi && { alibi: new Float64Array(alibi.length) }),
    ...(sink && { sink: new Float64Array(sink.length) }),
  };
  const add = (name: string, at: number, x: number) => {
    out[name][at] = f(out[name][at] + x);
  };
  for (let row = 0; row < b * hk * g * m; row++) {
    const i = row % m;
    const head = Math.floor(row / m) % (hk * g);
    const keyHead = Math.floor(row / (m * g));
    const kAt = (j: number) => (keyHead * n + j) * d;
    const vAt = (j: number) => (keyHead * n + j) * e;
    const seen = Array.from({ length: n }, (_, j) => j).filter((j) => !mask || mask[row * n + j]);
    if (seen.length === 0 && !sink) continue;
    const slope: number[] = [];
    const s = seen.map((j) => {
      const dotted = sumOf(d, (x) => f(q[row * d + x] * k[kAt(j) + x]));
      let score = f(scale * dotted);
      if (cap !== undefined) {
        const t = f(Math.tanh(f(score / cap)));
        slope.push(f(1 - f(t * t)));
        score = f(cap * t);
      } else slope.push(1);
      if (alibi) score = f(score + f(alibi[head] * (j - i - offset)));
      return stored(bias ? f(score + bias[row * n + j]) : score);
    });
    const max = Math.max(...s, ...(sink ? [sink[head]] : []));
    const weight = s.map((x) => f(Math.exp(f(x - max))));
    const sinkWeight = sink ? f(Math.exp(f(sink[head] - max))) : 0;
    const sum = f(sumOf(seen.length, (c) => weight[c]) + sinkWeight);
    const p = weight.map((x) => f(x / sum));
    out.lse[row] = f(max + f(Math.log(sum)));
    for (let x = 0; x < e; x++) out.o[row * e + x] = sumOf(seen.length, (c) => f(p[c] * v[vAt(seen[c]) + x]));
    const dp = seen.map((j) => sumOf(e, (x) => f(dO[row * e + x] * v[vAt(j) + x])));
    const delta = sumOf(seen.length, (c) => f(p[c] * dp[c]));
    for (const [c, j] of seen.entries()) {
      const ds = f(f(p[c] * f(dp[c] - delta)) + f(p[c] * dLse[row]));
      if (bias) add('bias', row * n + j, ds);
      if (alibi) add('alibi', head, f(ds * (j - i - offset)));
      const scaled = f(f(ds * slope[c]) * scale);
      for (let x = 0; x < d; x++) {
        add('q', row * d + x, f(scaled * k[kAt(j) + x]));
        add('k', kAt(j) + x, f(scaled * q[row * d + x]));
      }
      for (let x = 0; x < e; x++) add('v', vAt(j) + x, f(p[c] * dO[row * e + x]));
    }
    if (sink) add('sink', head, f(f(sinkWeight / sum) * f(dLse[row] - delta)));
  }
  return out;
}

const elu1 = (x: number) => (x > 0 ? f(x + 1) : f(f(Math.expm1(x)) + 1));
const slope = (x: number) => (x > 0 ? 1 : f(f(Math.expm1(x)) + 1));

/** Linear attention in float32, one query at a time over the keys that it sees: all, or those up to itself. */
export function linearKernel({ sizes, tensors, options }: ProgramInputs, causal: boolean, dO: Float64Array): Results {
  const { b, hk, g, n, d, e } = sizes;
  const m = causal ? n : sizes.m;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => tensors[name].value);
  const eps = f(typeof options.eps === 'number' ? options.eps : 1e-6);
  const out: Results = {
    o: new Float64Array(dO.length),
    q: new Float64Array(q.length),
    k: new Float64Array(k.length),
    v: new Float64Array(v.length),
  };
  for (let kh = 0; kh < b * hk; kh++) {
    const fk = k.slice(kh * n * d, (kh + 1) * n * d).map(elu1);
    const dfk = new Float64Array(n * d);
    for (let r = 0; r < g * m; r++) {
      const row = kh * g * m + r;
      const keys = causal ? (r % m) + 1 : n;
      const state = Float64Array.from({ length: d * e }, (_, x) =>
        sumOf(keys, (j) => f(fk[j * d + Math.floor(x / e)] * v[(kh * n + j) * e + (x % e)])),
      );
      const norm = Float64Array.from({ length: d }, (_, x) => sumOf(keys, (j) => fk[j * d + x]));
      const fq = Float64Array.from({ length: d }, (_, x) => elu1(q[row * d + x]));
      const denominator = f(sumOf(d, (x) => f(fq[x] * norm[x])) + eps);
      for (let y = 0; y < e; y++) out.o[row * e + y] = f(sumOf(d, (x) => f(fq[x] * state[x * e + y])) / denominator);
      const dNumerator = Float64Array.from({ length: e }, (_, y) => f(dO[row * e + y] / denominator));
      const dDenominator = -sumOf(e, (y) => f(dNumerator[y] * out.o[row * e + y]));
      for (let x = 0; x < d; x++) {
        const dfq = f(sumOf(e, (y) => f(dNumerator[y] * state[x * e + y])) + f(dDenominator * norm[x]));
        out.q[row * d + x] = f(dfq * slope(q[row * d + x]));
        for (let j = 0; j < keys; j++) {
          const through = sumOf(e, (y) => f(f(fq[x] * dNumerator[y]) * v[(kh * n + j) * e + y]));
          dfk[j * d + x] = f(dfk[j * d + x] + f(through + f(fq[x] * dDenominator)));
          for (let y = 0; y < e; y++) {
            const at = (kh * n + j) * e + y;
            out.v[at] = f(out.v[at] + f(fk[j * d + x] * f(fq[x] * dNumerator[y])));
          }
        }
      }
    }
    for (let x = 0; x < n * d; x++) out.k[kh * n * d + x] = f(dfk[x] * slope(k[kh * n * d + x]));
  }
  return out;
}

function softmaxOf(x: ArrayLike<number>): Float64Array {
  const max = Math.max(...Array.from(x));
  const weight = Float64Array.from(x, (y) => f(Math.exp(f(y - max))));
  const sum = sumOf(weight.length, (c) => weight[c]);
  return weight.map((w) => f(w / sum));
}

/** Efficient attention in float32, with its gradients. */
export function efficientKernel({ sizes, tensors }: ProgramInputs, dO: Float64Array): Results {
  const { b, hk, g, m, n, d, e } = sizes;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => tensors[name].value);
  const out: Results = {
    o: new Float64Array(dO.length),
    q: new Float64Array(q.length),
    k: new Float64Array(k.length),
    v: new Float64Array(v.length),
  };
  for (let kh = 0; kh < b * hk; kh++) {
    const rk = Array.from({ length: d }, (_, x) => softmaxOf(Array.from({ length: n }, (_, j) => k[(kh * n + j) * d + x])));
    const context = Float64Array.from({ length: d * e }, (_, x) =>
      sumOf(n, (j) => f(rk[Math.floor(x / e)][j] * v[(kh * n + j) * e + (x % e)])),
    );
    const dContext = new Float64Array(d * e);
    for (let row = kh * g * m; row < (kh + 1) * g * m; row++) {
      const rq = softmaxOf(q.subarray(row * d, (row + 1) * d));
      for (let y = 0; y < e; y++) out.o[row * e + y] = sumOf(d, (x) => f(rq[x] * context[x * e + y]));
      const drq = Float64Array.from({ length: d }, (_, x) => sumOf(e, (y) => f(dO[row * e + y] * context[x * e + y])));
      const delta = sumOf(d, (x) => f(rq[x] * drq[x]));
      for (let x = 0; x < d; x++) {
        out.q[row * d + x] = f(rq[x] * f(drq[x] - delta));
        for (let y = 0; y < e; y++) dContext[x * e + y] = f(dContext[x * e + y] + f(rq[x] * dO[row * e + y]));
      }
    }
    for (let x = 0; x < d; x++) {
      const drk = Float64Array.from({ length: n }, (_, j) => sumOf(e, (y) => f(dContext[x * e + y] * v[(kh * n + j) * e + y])));
      const delta = sumOf(n, (j) => f(rk[x][j] * drk[j]));
      for (let j = 0; j < n; j++) out.k[(kh * n + j) * d + x] = f(rk[x][j] * f(drk[j] - delta));
    }
    for (let j = 0; j < n; j++)
      for (let y = 0; y < e; y++) out.v[(kh * n + j) * e + y] = sumOf(d, (x) => f(rk[x][j] * dContext[x * e + y]));
  }
  return out;
}

/** Linear attention with a decay in float32, one pair of tokens at a time; its gradients by the states, token after token. */
export function decayKernel({ sizes, tensors }: ProgramInputs, dO: Float64Array): Results {
  const { b, hk, g, n, d, e } = sizes;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => tensors[name].value);
  const out: Results = {
    o: new Float64Array(dO.length),
    q: new Float64Array(q.length),
    k: new Float64Array(k.length),
    v: new Float64Array(v.length),
  };
  for (let kh = 0; kh < b * hk; kh++) {
    const kept = tensors.decay ? f(Math.exp(-tensors.decay.value[kh % hk])) : 1;
    const state = new Float64Array(d * e);
    const later = new Float64Array(d * e);
    for (let i = 0; i < n; i++) {
      const key = kh * n + i;
      for (let x = 0; x < d * e; x++) state[x] = f(f(kept * state[x]) + f(k[key * d + Math.floor(x / e)] * v[key * e + (x % e)]));
      for (let member = 0; member < g; member++) {
        const row = (kh * g + member) * n + i;
        for (let y = 0; y < e; y++) out.o[row * e + y] = sumOf(d, (x) => f(q[row * d + x] * state[x * e + y]));
        for (let x = 0; x < d; x++) out.q[row * d + x] = sumOf(e, (y) => f(dO[row * e + y] * state[x * e + y]));
      }
    }
    for (let i = n - 1; i >= 0; i--) {
      const key = kh * n + i;
      for (let x = 0; x < d * e; x++) {
        const own = sumOf(g, (member) =>
          f(q[((kh * g + member) * n + i) * d + Math.floor(x / e)] * dO[((kh * g + member) * n + i) * e + (x % e)]),
        );
        later[x] = f(f(kept * later[x]) + own);
      }
      for (let x = 0; x < d; x++) out.k[key * d + x] = sumOf(e, (y) => f(v[key * e + y] * later[x * e + y]));
      for (let y = 0; y < e; y++) out.v[key * e + y] = sumOf(d, (x) => f(k[key * d + x] * later[x * e + y]));
    }
  }
  return out;
}
