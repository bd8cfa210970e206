import type { Adapter, Capabilities, Case, Tensor, Tensors } from '../../adapters/adapter.js';
import type { Call, Gradients, Kernel, Outputs } from '../../adapters/kernel.js';
import { type DType, decode, encode, read, write } from './numbers.js';

/*
 * A kernel as a stranger would write it: tiled online softmax, forward and backward, in f32 and simulated bf16 and f16. It knows the Adapter
 * interface and nothing else of the suite. Its steps are methods, so that faulty.ts can plant one fault at a time.
 */

const f = Math.fround;

/** One (batch entry, query head): what its rows are computed from. */
export interface Head {
  readonly c: Case;
  readonly tensors: Tensors;
  readonly b: number;
  readonly h: number;
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
  readonly sink: number | undefined;
}

interface Row {
  readonly o: Float32Array;
  readonly lse: number;
}

export class Flash {
  readonly tile = 16;

  keyHead(h: number, c: Case): number {
    return Math.floor(h / c.dims.g);
  }

  scale(c: Case): number {
    return f((c.options.scale as number | undefined) ?? 1 / Math.sqrt(c.dims.d));
  }

  visible(head: Head, i: number, j: number): boolean {
    const { c, tensors, b, h } = head;
    if (tensors.mask) return this.masked(tensors.mask, b, h, i, j);
    const { name, parameters = {} } = c.mask as { name: string; parameters?: Record<string, number> };
    const p = i + c.dims.n - c.dims.m;
    if (name === 'full') return true;
    if (name === 'causal') return this.causal(p, j);
    return this.window(p, j, parameters.left, parameters.right);
  }

  masked(mask: Tensor, b: number, h: number, i: number, j: number): boolean {
    const [, sh, sm, sn] = mask.shape;
    return mask.data[((this.batch(b) * sh + h) * sm + i) * sn + j] !== 0;
  }

  batch(b: number): number {
    return b;
  }

  causal(p: number, j: number): boolean {
    return j <= p;
  }

  window(p: number, j: number, left: number, right: number): boolean {
    return (left < 0 || j >= p - left) && (right < 0 || j <= p + right);
  }

  add(x: number, y: number): number {
    return f(x + y);
  }

  dot(x: Float32Array, xAt: number, y: Float32Array, yAt: number, length: number): number {
    let sum = 0;
    for (let z = 0; z < length; z++) sum = this.add(sum, f(x[xAt + z] * y[yAt + z]));
    return sum;
  }

  score(head: Head, i: number, j: number): number {
    const { c } = head;
    const s = f(this.dot(head.q, i * c.dims.d, head.k, j * c.dims.d, c.dims.d) * this.scale(c));
    const cap = this.cap(c);
    return cap === undefined ? s : f(cap * f(Math.tanh(f(s / cap))));
  }

  cap(c: Case): number | undefined {
    return c.options.softcap as number | undefined;
  }

  tiles(n: number): number[] {
    return Array.from({ length: Math.ceil(n / this.tile) }, (_, t) => t * this.tile);
  }

  end(start: number, n: number): number {
    return Math.min(start + this.tile, n);
  }

  rescale(alpha: number, _tile: number): number {
    return alpha;
  }

  /** acc += p·v, for a key that the row sees. */
  weigh(acc: Float32Array, p: number, head: Head, j: number): void {
    const { e } = head.c.dims;
    for (let x = 0; x < e; x++) acc[x] = this.add(acc[x], f(p * head.v[j * e + x]));
  }

  hidden(_acc: Float32Array, _head: Head, _j: number): void {}

  start(head: Head): { top: number; sum: number } {
    return head.sink === undefined ? { top: Number.NEGATIVE_INFINITY, sum: 0 } : { top: head.sink, sum: 1 };
  }

  lse(top: number, sum: number): number {
    return sum === 0 ? Number.NEGATIVE_INFINITY : f(top + f(Math.log(sum)));
  }

  row(head: Head, i: number, store: (x: number) => number): Row {
    const { n, e } = head.c.dims;
    const acc = new Float32Array(e);
    let { top, sum } = this.start(head);
    const scores = new Float32Array(this.tile);
    for (const start of this.tiles(n)) {
      const end = this.end(start, n);
      let high = top;
      for (let j = start; j < end; j++) {
        scores[j - start] = this.visible(head, i, j) ? this.score(head, i, j) : Number.NEGATIVE_INFINITY;
        high = Math.max(high, scores[j - start]);
      }
      if (high === Number.NEGATIVE_INFINITY) {
        for (let j = start; j < end; j++) this.hidden(acc, head, j);
        continue;
      }
      const alpha = this.rescale(f(Math.exp(f(top - high))), start / this.tile);
      for (let x = 0; x < e; x++) acc[x] = f(acc[x] * alpha);
      sum = f(sum * alpha);
      top = high;
      for (let j = start; j < end; j++) {
        if (scores[j - start] === Number.NEGATIVE_INFINITY) {
          this.hidden(acc, head, j);
          continue;
        }
        const p = f(Math.exp(f(scores[j - start] - top)));
        sum = this.add(sum, p);
        this.weigh(acc, store(p), head, j);
      }
    }
    return { o: sum === 0 ? acc : acc.map((x) => f(x / sum)), lse: this.lse(top, sum) };
  }

  *heads({ case: c, tensors }: Call): Generator<Head> {
    const { b, hk, g, m, n, d, e } = c.dims;
    const [q, k, v] = [read(tensors.q), read(tensors.k), read(tensors.v)];
    const sink = tensors.sink && read(tensors.sink);
    for (let x = 0; x < b; x++) {
      for (let h = 0; h < hk * g; h++) {
        const kv = x * hk + this.keyHead(h, c);
        const at = x * hk * g + h;
        yield {
          c,
          tensors,
          b: x,
          h,
          q: q.subarray(at * m * d, (at + 1) * m * d),
          k: k.subarray(kv * n * d, (kv + 1) * n * d),
          v: v.subarray(kv * n * e, (kv + 1) * n * e),
          sink: sink?.[h],
        };
      }
    }
  }

  forward(call: Call): Outputs {
    const { b, hk, g, m, e } = call.case.dims;
    const dtype = call.case.dtype as DType;
    const o = new Float32Array(b * hk * g * m * e);
    const lse = new Float32Array(b * hk * g * m);
    for (const head of this.heads(call)) {
      const at = (head.b * hk * g + head.h) * m;
      for (let i = 0; i < m; i++) {
        const row = this.row(head, i, (p) => decode[dtype](encode[dtype](p)));
        o.set(row.o, (at + i) * e);
        lse[at + i] = row.lse;
      }
    }
    return { o: write(dtype, [b, hk * g, m, e], o), lse: write('f32', [b, hk * g, m], lse) };
  }

  delta(dOut: Float32Array, o: Float32Array): number {
    return dOut.reduce((sum, x, z) => f(sum + f(x * o[z])), 0);
  }

  keyGradient(x: number): number {
    return x;
  }

  backward(call: Call): Gradients {
    const { b, hk, g, m, n, d, e } = call.case.dims;
    const dtype = call.case.dtype as DType;
    const round = (x: number) => decode[dtype](encode[dtype](x));
    const dOut = read(call.tensors.do);
    const dq = new Float32Array(b * hk * g * m * d);
    const dk = new Float32Array(b * hk * n * d);
    const dv = new Float32Array(b * hk * n * e);
    for (const head of this.heads(call)) {
      const at = head.b * hk * g + head.h;
      const kv = head.b * hk + this.keyHead(head.h, call.case);
      const scale = this.scale(call.case);
      const cap = this.cap(call.case);
      for (let i = 0; i < m; i++) {
        const { o, lse } = this.row(head, i, round);
        const grad = dOut.subarray((at * m + i) * e, (at * m + i + 1) * e);
        const delta = this.delta(grad, o.map(round));
        for (let j = 0; j < n; j++) {
          if (!this.visible(head, i, j)) continue;
          const s = this.score(head, i, j);
          const p = f(Math.exp(f(s - lse)));
          const stored = round(p);
          for (let x = 0; x < e; x++) dv[(kv * n + j) * e + x] = f(dv[(kv * n + j) * e + x] + f(stored * grad[x]));
          let ds = f(p * f(this.dot(grad, 0, head.v, j * e, e) - delta));
          if (cap !== undefined) ds = f(ds * f(1 - f(f(s / cap) ** 2)));
          ds = round(ds);
          for (let x = 0; x < d; x++) {
            dq[(at * m + i) * d + x] = f(dq[(at * m + i) * d + x] + f(ds * head.k[j * d + x]));
            dk[(kv * n + j) * d + x] = f(dk[(kv * n + j) * d + x] + f(ds * head.q[i * d + x]));
          }
        }
        for (let x = 0; x < d; x++) dq[(at * m + i) * d + x] = f(dq[(at * m + i) * d + x] * scale);
      }
    }
    const scale = this.scale(call.case);
    return {
      dq: write(dtype, [b, hk * g, m, d], dq),
      dk: write(
        dtype,
        [b, hk, n, d],
        dk.map((x) => this.keyGradient(f(x * scale))),
      ),
      dv: write(dtype, [b, hk, n, e], dv),
    };
  }
}

export function adapterOf(id: string, title: string, flash: Flash, dtypes: DType[] = ['f32'], claims: Partial<Capabilities> = {}): Adapter {
  const kernel: Kernel = {
    environment: { node: process.version },
    forward: async (call) => flash.forward(call),
    backward: async (call) => flash.backward(call),
    [Symbol.asyncDispose]: async () => {},
  };
  return {
    id,
    title,
    version: '1.0.0',
    capabilities: {
      dtypes,
      operators: ['softmax'],
      masks: ['full', 'causal', 'sliding-window'],
      denseMask: 'boolean',
      options: ['scale', 'softcap', 'sink'],
      outputs: ['o', 'lse'],
      gradients: true,
      deterministic: { forward: true, backward: true },
      ...claims,
    },
    open: async () => kernel,
  };
}

export default adapterOf('flash', 'A tiled kernel without a fault', new Flash(), ['f32', 'bf16', 'f16']);
