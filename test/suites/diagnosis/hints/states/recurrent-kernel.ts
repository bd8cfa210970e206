import type { Call, Kernel, Outputs } from '../../../../../adapters/kernel.js';
import { contiguous, tensorOf, valuesOf } from '../../../../../spec/tensor/tensor.js';
import type { Capabilities } from '../../../../../spec/types/documents.js';
import { referenceWith } from '../../../properties/on-kernel.js';

/** Steps of a recurrence that may be taken wrongly; all are right by default. */
export interface RecurrentSteps {
  /** Part of the state that is kept, from its logarithm. */
  readonly kept: (log: number) => number;
  /** When the state decays: before what a key reads and the write, after the write, or after the read. */
  readonly decays: 'first' | 'after-write' | 'after-read';
  /** True if keys read the state of the other side of the decay than they must. */
  readonly keysReadOther: boolean;
  /** Factor of what keys read. */
  readonly erased: number;
  /** True if tokens read the state before their own write. */
  readonly readsFirst: boolean;
  /** Token whose row of an input is read for token t. */
  readonly token: (name: string, t: number, n: number) => number;
  /** The state at the beginning of token t, from the one after the token before and the one before the first. */
  readonly begin: (state: Float64Array, t: number, initial: Float64Array) => Float64Array;
  /** Number of tokens that are computed, and of those that reach the state. */
  readonly tokens: (n: number) => number;
  readonly tokensOfState: (n: number) => number;
  readonly keyHead: (h: number, g: number, hk: number) => number;
  /** Place of element [row, column] of a state of [rows, columns] where it is read, and where it is written. */
  readonly placeRead: (row: number, column: number, rows: number, columns: number) => number;
  readonly placeWritten: (row: number, column: number, rows: number, columns: number) => number;
  readonly handOn: (x: number) => number;
}

const rowMajor = (row: number, column: number, _: number, columns: number) => row * columns + column;

/** Steps of a kernel that is right. */
const right: RecurrentSteps = {
  kept: Math.exp,
  decays: 'first',
  keysReadOther: false,
  erased: 1,
  readsFirst: false,
  token: (_, t) => t,
  begin: (state) => state,
  tokens: (n) => n,
  tokensOfState: (n) => n,
  keyHead: (h, g) => Math.floor(h / g),
  placeRead: rowMajor,
  placeWritten: rowMajor,
  handOn: (x) => x,
};

/** Transposed place of an element of a state. */
export const transposed = (row: number, column: number, rows: number) => column * rows + row;

/** A token of one head. The state S [d, e] becomes D − out·(Rᵀ·asks)ᵀ + key·valueᵀ, where D = diag(kept)·S, and R is D or S. */
interface Token {
  readonly query: number[];
  readonly key: number[];
  readonly value: number[];
  readonly log: number[];
  readonly erase?: { readonly asks: number[]; readonly out: number[]; readonly ofDecayed: boolean };
  /** What the read becomes. */
  readonly finish?: (read: number[]) => number[];
}

/** Row of an input for a token: by the head of a query, or by that of its key. */
type Read = (name: string, h: number, heads: number) => number[];

/** Tokens by what the documents of operators say: names of tensors, and what is done with them. */
const tokens = {
  'gated-delta': (read: Read, h: number, kv: number, { heads, hk, d }: Sizes) =>
    delta(read, h, kv, heads, hk, Array(d).fill(read('gate', h, heads)[0])),
  kda: (read: Read, h: number, kv: number, { heads, hk }: Sizes) => delta(read, h, kv, heads, hk, read('gate', h, heads)),
  gla: (read: Read, h: number, kv: number, { heads, hk }: Sizes): Token => ({
    query: read('q', h, heads),
    key: read('k', kv, hk),
    value: read('v', kv, hk),
    log: read('gate', kv, hk),
  }),
  'mamba-2': (read: Read, h: number, kv: number, { heads, hk, d, tensors }: Sizes): Token => {
    const [[dt], x] = [read('dt', h, heads), read('x', h, heads)];
    const z = tensors.z && read('z', h, heads);
    return {
      query: read('rd', kv, hk),
      key: read('wt', kv, hk),
      value: x.map((y) => dt * y),
      log: Array(d).fill(dt * tensors.a[h]),
      finish: (of) => of.map((y, at) => (y + tensors.skip[h] * x[at]) * (z ? z[at] / (1 + Math.exp(-z[at])) : 1)),
    };
  },
  'rwkv-7': (read: Read, h: number, _: number, { heads }: Sizes): Token => {
    const [kappa, a] = [read('kappa', h, heads), read('a', h, heads)];
    return {
      query: read('r', h, heads),
      key: read('k', h, heads),
      value: read('v', h, heads),
      log: read('w', h, heads),
      erase: { asks: kappa, out: kappa.map((x, at) => x * a[at]), ofDecayed: false },
    };
  },
};

function delta(read: Read, h: number, kv: number, heads: number, hk: number, log: number[]): Token {
  const [k, [beta]] = [read('k', kv, hk), read('beta', h, heads)];
  const key = k.map((x) => beta * x);
  return { query: read('q', kv, hk), key, value: read('v', h, heads), log, erase: { asks: k, out: key, ofDecayed: true } };
}

interface Sizes {
  readonly heads: number;
  readonly hk: number;
  readonly d: number;
  readonly tensors: Readonly<Record<string, Float64Array>>;
}

export type RecurrentOperator = keyof typeof tokens;

/** Operators whose state belongs to a key head, whose matrix is [e, d], and whose default scale is 1. */
const ofKeyHeads: readonly string[] = ['gla', 'rwkv-7'];
const columnsFirst: readonly string[] = ['mamba-2'];
const unscaled: readonly string[] = ['mamba-2', 'rwkv-7'];

/** A kernel of a recurrence as it is written first, token by token in float64, with some steps taken otherwise. */
export const recurrentKernel = (operator: RecurrentOperator, steps: Partial<RecurrentSteps> = {}): Kernel => ({
  ...referenceWith(),
  async forward({ case: c, tensors: given }: Call): Promise<Outputs> {
    const own = { ...right, ...steps };
    const { b, hk, g, n, d, e } = c.dims;
    const heads = operator === 'rwkv-7' ? hk : hk * g;
    const tensors = Object.fromEntries(Object.entries(given).map(([name, t]) => [name, valuesOf(contiguous(t))]));
    const scale = (c.options.scale as number | undefined) ?? (unscaled.includes(operator) ? 1 : 1 / Math.sqrt(d));
    const stateHeads = ofKeyHeads.includes(operator) ? hk : heads;
    const [rows, columns] = columnsFirst.includes(operator) ? [e, d] : [d, e];
    const o = new Float64Array(b * heads * n * e);
    const state = new Float64Array(b * stateHeads * d * e);
    for (let at = 0; at < b * heads; at++) {
      const [x, h] = [Math.floor(at / heads), at % heads];
      const kv = own.keyHead(h, heads / hk, hk);
      const stateAt = (x * stateHeads + (stateHeads === heads ? h : kv)) * d * e;
      const placed = (place: RecurrentSteps['placeRead'], row: number, column: number) =>
        stateAt + (rows === d && !columnsFirst.includes(operator) ? place(row, column, rows, columns) : place(column, row, rows, columns));
      const initial = new Float64Array(d * e);
      if (tensors.initial) for (let i = 0; i < d * e; i++) initial[i] = tensors.initial[placed(own.placeRead, Math.floor(i / e), i % e)];
      let s: Float64Array = initial;
      let last: Float64Array = initial;
      for (let t = 0; t < own.tokens(n); t++) {
        const read: Read = (name, head, all) => {
          const width = tensors[name].length / (b * all * n);
          const from = ((x * all + head) * n + own.token(name, t, n)) * width;
          return [...tensors[name].subarray(from, from + width)];
        };
        const token = tokens[operator](read, h, kv, { heads, hk, d, tensors });
        const [next, of] = stepped(own, token, own.begin(s, t, initial), e);
        s = next;
        if (t < own.tokensOfState(n)) last = s;
        o.set(token.finish?.(of.map((y) => scale * y)) ?? of.map((y) => scale * y), (at * n + t) * e);
      }
      for (let i = 0; i < d * e; i++) state[placed(own.placeWritten, Math.floor(i / e), i % e)] = own.handOn(last[i]);
    }
    const shape = [b, stateHeads, rows, columns];
    return { o: tensorOf(c.dtype, [b, heads, n, e], o), state: tensorOf('f32', shape, state) };
  },
});

/** The state after a token, and what it reads. */
function stepped(steps: RecurrentSteps, { query, key, value, log, erase }: Token, s: Float64Array, e: number): [Float64Array, number[]] {
  const kept = log.map(steps.kept);
  const decayed = (x: Float64Array) => x.map((y, at) => kept[Math.floor(at / e)] * y);
  const dot = (x: Float64Array, by: number[]) =>
    Array.from({ length: e }, (_, column) => by.reduce((sum, y, row) => sum + y * x[row * e + column], 0));
  const before = steps.decays === 'first' ? decayed(s) : s;
  const asked = erase && dot(erase.ofDecayed !== steps.keysReadOther && steps.decays === 'first' ? decayed(s) : s, erase.asks);
  const written = before.map((y, at) => {
    const [row, column] = [Math.floor(at / e), at % e];
    return y - (erase && asked ? steps.erased * erase.out[row] * asked[column] : 0) + key[row] * value[column];
  });
  const next = steps.decays === 'first' ? written : decayed(written);
  return [next, dot(steps.readsFirst ? before : steps.decays === 'after-read' ? written : next, query)];
}

/** Claims of these kernels. */
export const recurrentClaims = (operator: RecurrentOperator): Partial<Capabilities> => ({
  operators: [operator],
  masks: ['full'],
  denseMask: false,
  options: operator === 'mamba-2' ? ['initial', 'z'] : ['scale', 'initial'],
  outputs: ['o', 'state'],
  layouts: ['bhld'],
  gradients: false,
  strided: false,
});
