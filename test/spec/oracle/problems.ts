import fc from 'fast-check';
import { type Dialect, fullDialect } from '../../../spec/dialect.js';
import { createLibrary } from '../../../spec/library.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import type { Problem } from '../../../spec/problem.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { Case, Numeric, Operator } from '../../../spec/types/documents.js';

/** A mask from a predicate, for tests that need no mask document. */
export function maskOf(
  b: number,
  heads: number,
  m: number,
  n: number,
  visible: (b: number, h: number, i: number, j: number) => boolean,
): CompiledMask {
  return {
    b,
    heads,
    m,
    n,
    perBatch: true,
    perHead: true,
    visible,
    tables: {},
    area: () => 0,
    runs(x, h, i, out) {
      let count = 0;
      for (let j = 0; j < n; j++) {
        if (!visible(x, h, i, j)) continue;
        if (count > 0 && out[2 * count - 1] === j) out[2 * count - 1] = j + 1;
        else {
          out[2 * count] = j;
          out[2 * count + 1] = j + 1;
          count++;
        }
      }
      return count;
    },
  };
}

export interface Shape {
  readonly b: number;
  readonly hk: number;
  readonly g: number;
  readonly m: number;
  readonly n: number;
  readonly d: number;
  readonly e: number;
}

export interface Given {
  readonly dims: Shape;
  readonly options?: Case['options'];
  readonly dialect?: Dialect;
  readonly dtype?: DType;
  readonly numeric?: Numeric;
  readonly inputs: Record<string, Float64Tensor>;
  readonly visible?: (b: number, h: number, i: number, j: number) => boolean;
}

const library = createLibrary();

export function problem({ dims, options = {}, dialect = {}, dtype = 'f64', numeric = {}, inputs, visible = () => true }: Given): Problem {
  return {
    case: {
      operator: 'softmax',
      dims: { ...dims },
      mask: { name: 'full' },
      options,
      dtype,
      layout: 'bhld',
      dialect,
      values: { distribution: 'normal', seed: 0 },
    },
    operator: library.operators.get('softmax') as Operator,
    inputs,
    mask: maskOf(dims.b, dims.hk * dims.g, dims.m, dims.n, visible),
    dialect: fullDialect(dialect),
    numeric: resolveNumeric(dtype, numeric),
  };
}

const size = (max: number) => fc.integer({ min: 1, max });
const normal = fc.double({ min: -3, max: 3, noNaN: true });

function values(shape: number[], dtype: DType, element: fc.Arbitrary<number> = normal): fc.Arbitrary<Float64Tensor> {
  const length = shape.reduce((a, b) => a * b, 1);
  return fc
    .array(element, { minLength: length, maxLength: length })
    .map((list) => ({ shape, data: Float64Array.from(list, (x) => roundTo(dtype, x)) }));
}

/** Small problems with every option and any mask. */
export function givens(dtype: DType = 'f64', sharp = 1): fc.Arbitrary<Given> {
  return fc
    .record({
      b: size(2),
      hk: size(2),
      g: size(2),
      m: size(5),
      n: size(6),
      d: size(4),
      e: size(4),
      options: fc.subarray(['scale', 'softcap', 'sink', 'alibi', 'bias']),
    })
    .chain(({ options, ...dims }) => {
      const h = dims.hk * dims.g;
      return fc
        .record({
          q: values(
            [dims.b, h, dims.m, dims.d],
            dtype,
            normal.map((x) => x * sharp),
          ),
          k: values([dims.b, dims.hk, dims.n, dims.d], dtype),
          v: values([dims.b, dims.hk, dims.n, dims.e], dtype),
          do: values([dims.b, h, dims.m, dims.e], dtype),
          dlse: values([dims.b, h, dims.m], dtype),
          sink: values([h], dtype),
          alibi: values([h], dtype),
          bias: fc
            .constantFrom<number[]>([dims.b, h, dims.m, dims.n], [1, 1, dims.m, dims.n], [1, h, 1, dims.n])
            .chain((shape) => values(shape, dtype)),
          scale: fc.constantFrom(0.125, 0.7, 1),
          cap: fc.constantFrom(0.8, 2, 30),
          hidden: fc.array(fc.boolean(), { minLength: dims.b * h * dims.m * dims.n, maxLength: dims.b * h * dims.m * dims.n }),
        })
        .map(({ scale, cap, hidden, sink, alibi, bias, ...inputs }) => ({
          dims,
          dtype,
          options: {
            ...(options.includes('scale') ? { scale } : {}),
            ...(options.includes('softcap') ? { softcap: cap } : {}),
            ...(options.includes('sink') ? { sink: true as const } : {}),
            ...(options.includes('alibi') ? { alibi: true as const } : {}),
            ...(options.includes('bias') ? { bias: true as const } : {}),
          },
          inputs: {
            ...inputs,
            ...(options.includes('sink') ? { sink } : {}),
            ...(options.includes('alibi') ? { alibi } : {}),
            ...(options.includes('bias') ? { bias } : {}),
          },
          visible: (b: number, x: number, i: number, j: number) => hidden[((b * h + x) * dims.m + i) * dims.n + j],
        }));
    });
}

/** An element of bias [b|1, h|1, m|1, n]. */
export function biasAt(bias: Float64Tensor, b: number, h: number, i: number, j: number): number {
  const [sb, sh, sm, n] = bias.shape;
  return bias.data[(((sb === 1 ? 0 : b) * sh + (sh === 1 ? 0 : h)) * sm + (sm === 1 ? 0 : i)) * n + j];
}

export type Rounding = (x: number) => number;

/** The textbook forward pass, every operation rounded: o and lse. Empty rows are 0 and −∞. */
export function textbook(
  { dims, options = {}, dialect = {}, inputs, visible = () => true }: Given,
  r: Rounding = (x) => x,
): { o: Float64Array; lse: Float64Array } {
  const { b, hk, g, m, n, d, e } = dims;
  const h = hk * g;
  const o = new Float64Array(b * h * m * e);
  const lse = new Float64Array(b * h * m).fill(-Infinity);
  const scale = r((options.scale as number | undefined) ?? 1 / Math.sqrt(d));
  for (let x = 0; x < b; x++) {
    for (let y = 0; y < h; y++) {
      const kv = x * hk + Math.floor(y / g);
      for (let i = 0; i < m; i++) {
        const row = (x * h + y) * m + i;
        const keys = Array.from({ length: n }, (_, j) => j).filter((j) => visible(x, y, i, j));
        const scores = keys.map((j) => {
          let s = 0;
          for (let c = 0; c < d; c++) s = r(s + r(inputs.q.data[row * d + c] * inputs.k.data[(kv * n + j) * d + c]));
          s = r(s * scale);
          const before = options.softcap !== undefined && dialect.bias === 'before-softcap';
          const added = (to: number) => r(to + (inputs.bias ? biasAt(inputs.bias, x, y, i, j) : 0));
          if (before) s = added(s);
          if (options.softcap !== undefined) s = r((options.softcap as number) * r(Math.tanh(r(s / (options.softcap as number)))));
          if (inputs.alibi) s = r(s + r(inputs.alibi.data[y] * (j - i - (n - m))));
          return before ? s : added(s);
        });
        const all = inputs.sink ? [...scores, inputs.sink.data[y]] : scores;
        if (all.length === 0) continue;
        const top = Math.max(...all);
        const sum = all.reduce((t, s) => r(t + r(Math.exp(r(s - top)))), 0);
        lse[row] = r(top + r(Math.log(sum)));
        for (let c = 0; c < e; c++) {
          o[row * e + c] = keys.reduce(
            (t, j, z) => r(t + r(r(r(Math.exp(r(scores[z] - top))) / sum) * inputs.v.data[(kv * n + j) * e + c])),
            0,
          );
        }
      }
    }
  }
  return { o, lse };
}
