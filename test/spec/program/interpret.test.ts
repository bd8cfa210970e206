import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dialect, fullDialect } from '../../../spec/dialect.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { queryAxisOf } from '../../../spec/operator/facts.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { computeRounded, interpret } from '../../../spec/program/interpret.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { Case } from '../../../spec/types/documents.js';
import { operatorNamed, randomNumbers } from './fixtures.js';

type Visible = (b: number, h: number, i: number, j: number) => boolean;

interface Given {
  readonly operator?: string;
  readonly dims?: Partial<Case['dims']>;
  readonly options?: Case['options'];
  readonly dialect?: Dialect;
  readonly dtype?: DType;
  readonly visible?: Visible;
  readonly shapes?: Readonly<Record<string, number[]>>;
  readonly seed?: number;
  readonly block?: Case['block'];
}

function maskOf(b: number, heads: number, m: number, n: number, visible: Visible): CompiledMask {
  const runs = (x: number, h: number, i: number, out: Int32Array) => {
    let count = 0;
    for (let j = 0; j < n; j++) {
      if (!visible(x, h, i, j)) continue;
      if (count === 0 || out[2 * count - 1] !== j) out[2 * count++] = j;
      out[2 * count - 1] = j + 1;
    }
    return count;
  };
  return { b, heads, m, n, perBatch: true, perHead: true, visible, runs, area: () => 0, tables: {} };
}

function problemOf(given: Given): Problem {
  const dims = { b: 2, hk: 2, g: 3, m: 3, n: 4, d: 3, e: 2, ...given.dims } as Case['dims'];
  const operator = operatorNamed(given.operator ?? 'softmax');
  const rows = queryAxisOf(operator) === 'm' ? dims.m : dims.n;
  const heads = dims.hk * dims.g;
  const next = randomNumbers(given.seed ?? 1);
  const shapes = {
    q: [dims.b, heads, rows, dims.d],
    k: [dims.b, dims.hk, dims.n, dims.d],
    v: [dims.b, dims.hk, dims.n, dims.e],
    do: [dims.b, heads, rows, dims.e],
    ...given.shapes,
  };
  const inputs: Record<string, Float64Tensor> = {};
  for (const [name, shape] of Object.entries(shapes))
    inputs[name] = { shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => next()) };
  const c: Case = {
    operator: operator.name,
    dims,
    mask: { name: 'full' },
    options: given.options ?? {},
    dtype: given.dtype ?? 'f64',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 0 },
    ...(given.block && { block: given.block }),
  };
  const mask = maskOf(dims.b, heads, rows, dims.n, given.visible ?? (() => true));
  return { case: c, operator, inputs, mask, dialect: fullDialect(given.dialect), numeric: resolveNumeric(c.dtype) };
}

/** Softmax attention as one writes it down, with the dialects of heads, scale, LSE and sink. */
function plain(problem: Problem): { o: number[]; lse: number[] } {
  const { dims, options, block } = problem.case;
  const { dialect, inputs, mask } = problem;
  const o: number[] = [];
  const lse: number[] = [];
  const heads = dims.hk * dims.g;
  const scale = typeof options.scale === 'number' ? options.scale : dialect.defaultScale === '1' ? 1 : dims.d ** -0.5;
  const [wholeM, wholeN] = block?.whole ?? [dims.m, dims.n];
  const offset = (dialect.causal === 'top-left' ? 0 : wholeN - wholeM) + (block ? block.queries[0] - block.keys[0] : 0);
  for (let row = 0; row < dims.b * heads * dims.m; row++) {
    const i = row % dims.m;
    const h = Math.floor(row / dims.m) % heads;
    const b = Math.floor(row / (dims.m * heads));
    const kv = b * dims.hk + (dialect.heads === 'tiled' ? h % dims.hk : Math.floor(h / dims.g));
    const score = (j: number) => {
      let s = 0;
      for (let x = 0; x < dims.d; x++) s += scale * inputs.q.data[row * dims.d + x] * inputs.k.data[(kv * dims.n + j) * dims.d + x];
      if (typeof options.softcap === 'number') s = options.softcap * Math.tanh(s / options.softcap);
      if (inputs.alibi) s += inputs.alibi.data[h] * (j - i - offset);
      if (inputs.bias) {
        const [sb, sh, sm, sn] = inputs.bias.shape;
        s += inputs.bias.data[(((b % sb) * sh + (h % sh)) * sm + (i % sm)) * sn + (j % sn)];
      }
      return s;
    };
    const keys = Array.from({ length: dims.n }, (_, j) => j).filter((j) => mask.visible(b, h, i, j));
    const weights = keys.map((j) => Math.exp(score(j)));
    const own = weights.reduce((t, x) => t + x, 0);
    const all = own + (inputs.sink ? Math.exp(inputs.sink.data[h]) : 0);
    const value = Math.log(dialect.lseSink === 'included' ? all : own);
    lse.push(dialect.lseBase === '2' ? value / Math.LN2 : value);
    for (let y = 0; y < dims.e; y++)
      o.push(keys.reduce((t, j, c) => t + (weights[c] / all) * inputs.v.data[(kv * dims.n + j) * dims.e + y], 0));
  }
  return { o, lse };
}

function expectValues(actual: Float64Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, x] of expected.entries()) {
    if (Number.isFinite(x)) expect(Math.abs(actual[i] - x), `[${i}]`).toBeLessThan(1e-12 * (1 + Math.abs(x)));
    else expect(actual[i]).toBe(x);
  }
}

const dialects = fc.record({
  heads: fc.constantFrom('grouped', 'tiled'),
  causal: fc.constantFrom('bottom-right', 'top-left'),
  lseBase: fc.constantFrom('e', '2'),
  lseSink: fc.constantFrom('included', 'excluded'),
  defaultScale: fc.constantFrom('1/sqrt(d)', '1'),
}) as fc.Arbitrary<Dialect>;

const optional = {
  bias: [
    [2, 6, 3, 4],
    [1, 6, 1, 4],
    [2, 1, 3, 4],
    [1, 1, 1, 1],
  ],
  alibi: [[6]],
  sink: [[6]],
};
const shapes = fc.record(
  { bias: fc.constantFrom(...optional.bias), alibi: fc.constantFrom(...optional.alibi), sink: fc.constantFrom(...optional.sink) },
  { requiredKeys: [] },
);
const visibilities = fc.constantFrom<Visible>(
  () => true,
  (_b, _h, i, j) => j <= i + 1,
  (b, h, i, j) => (b + h + i + j) % 2 === 0,
  (b, h, i) => b + h + i > 0,
);
const options = fc.record({ scale: fc.constantFrom(0.5, 2), softcap: fc.constantFrom(0.7, 3) }, { requiredKeys: [] });

describe('a problem', () => {
  it('is interpreted as its dialect says', () => {
    fc.assert(
      fc.property(dialects, shapes, visibilities, options, fc.nat(), (dialect, given, visible, chosen, seed) => {
        const problem = problemOf({
          dialect,
          shapes: given as Record<string, number[]>,
          visible,
          options: chosen as Case['options'],
          seed,
        });
        const { outputs, empty } = interpret(problem, false);
        const { o, lse } = plain(problem);
        expect(outputs.o.shape).toEqual([2, 6, 3, 2]);
        expect(outputs.lse.shape).toEqual([2, 6, 3]);
        expect(empty[0]).toBe(visible(0, 0, 0, 0) || visible(0, 0, 0, 1) || given.sink ? 0 : 1);
        expectValues(outputs.lse.value, lse);
        expectValues(
          outputs.o.value,
          o.map((x, i) => (empty[Math.floor(i / 2)] ? 0 : x)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('has gradients shaped as its inputs, which are those of finite differences', () => {
    fc.assert(
      fc.property(dialects, shapes, visibilities, fc.nat(), (dialect, given, visible, seed) => {
        const problem = problemOf({ dialect, shapes: { dlse: [2, 6, 3], ...(given as Record<string, number[]>) }, visible, seed });
        const { outputs } = interpret(problem, true);
        const names = ['q', 'k', 'v', 'bias', 'alibi', 'sink'].filter((name) => problem.inputs[name]);
        expect(Object.keys(outputs).sort()).toEqual(names.map((name) => `d${name}`).sort());
        for (const name of names) {
          expect(outputs[`d${name}`].shape).toEqual(problem.inputs[name].shape);
          const at = seed % problem.inputs[name].data.length;
          expect(Math.abs(outputs[`d${name}`].value[at] - difference(problem, name, at)), name).toBeLessThan(1e-7);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has outputs and gradients in memory of their own', () => {
    for (const operator of ['softmax', 'linear', 'linear-causal', 'linear-decay', 'efficient']) {
      const problem = problemOf({ operator });
      for (const gradients of [false, true]) {
        const computed = [interpret(problem, gradients), { outputs: computeRounded(problem, gradients, 'f32') }];
        for (const { outputs } of computed)
          for (const { value, bound } of Object.values(outputs))
            for (const array of [value, bound]) expect(array.buffer.byteLength).toBe(array.byteLength);
      }
    }
  });

  it('that is a block keeps the positions of the whole', () => {
    const block = { queries: [5, 8], keys: [2, 6], of: { name: 'full' }, whole: [10, 12] } as Case['block'];
    const problem = problemOf({ block, shapes: { alibi: [6] } });
    expectValues(interpret(problem, false).outputs.lse.value, plain(problem).lse);
  });

  it.each([
    ['linear', [2, 6, 3, 2]],
    ['linear-causal', [2, 6, 4, 2]],
    ['linear-decay', [2, 6, 4, 2]],
    ['efficient', [2, 6, 3, 2]],
  ])('of %s has its shapes and no empty row', (operator, shape) => {
    for (const heads of ['grouped', 'tiled'] as const) {
      const problem = problemOf({ operator, dialect: { heads } });
      const { outputs, empty } = interpret(problem, false);
      expect(Object.keys(outputs)).toEqual(['o']);
      expect(outputs.o.shape).toEqual(shape);
      expect(empty).toEqual(new Uint8Array(shape[0] * shape[1] * shape[2]));
      const { dq, dk, dv } = interpret(problem, true).outputs;
      expect([dq.shape, dk.shape, dv.shape]).toEqual(['q', 'k', 'v'].map((name) => problem.inputs[name].shape));
    }
  });

  it('of float64 counts the bound twice: its own, and the oracle’s', () => {
    const f64 = problemOf({ dtype: 'f64' });
    const once = { ...f64, numeric: { ...f64.numeric, accumulate: 'f32' as const } };
    for (const gradients of [false, true]) {
      const doubled = interpret(f64, gradients).outputs;
      for (const [name, { bound }] of Object.entries(interpret(once, gradients).outputs))
        expect(doubled[name].bound).toEqual(bound.map((e) => 2 * e));
    }
  });

  it('with a bias of −∞ in a whole row has an empty row', () => {
    const problem = problemOf({ shapes: { bias: [1, 1, 3, 4] } });
    problem.inputs.bias.data.fill(-Infinity, 0, 4);
    const { outputs, empty } = interpret(problem, false);
    expect([...empty]).toEqual(Array.from({ length: 36 }, (_, row) => (row % 3 === 0 ? 1 : 0)));
    expect(outputs.lse.value[0]).toBe(-Infinity);
    expect([...outputs.o.value.slice(0, 2)]).toEqual([0, 0]);
  });

  it('in a dialect that no program states, or without a cotangent, is refused', () => {
    const refuse = (given: Given, problem: RegExp) => expect(() => interpret(problemOf(given), false)).toThrow(problem);
    refuse({ dialect: { alibi: 'key' }, shapes: { alibi: [6] } }, /\$\.dialect\.alibi: found "key"/);
    refuse({ dialect: { softcap: 'after-mask' }, options: { softcap: 2 } }, /\$\.dialect\.softcap: found "after-mask"/);
    refuse({ shapes: { alibi: [5] } }, /\$\.tensors\.alibi: found size 5 along hk·g, must be 6/);
    refuse({ shapes: { q: [2, 6, 3] } }, /\$\.tensors\.q: found rank 3, must be 4/);
    interpret(problemOf({ dialect: { alibi: 'key', softcap: 'after-mask' } }), false);
    const { do: _, ...inputs } = problemOf({}).inputs;
    expect(() => interpret({ ...problemOf({}), inputs }, true)).toThrow(/\$\.tensors\.do/);
  });
});

/** Σ outputs · cotangents, over rows that are not empty. */
function loss({ outputs, empty }: Expectation, { do: dO, dlse }: Problem['inputs']): number {
  let total = 0;
  for (const [i, x] of outputs.o.value.entries()) if (!empty[Math.floor(i / 2)]) total += x * dO.data[i];
  for (const [i, x] of outputs.lse.value.entries()) if (Number.isFinite(x)) total += x * dlse.data[i];
  return total;
}

function difference(problem: Problem, name: string, at: number): number {
  const step = 1e-5;
  const shifted = (by: number) => {
    const data = problem.inputs[name].data.slice();
    data[at] += by;
    return loss(interpret({ ...problem, inputs: { ...problem.inputs, [name]: { ...problem.inputs[name], data } } }, false), problem.inputs);
  };
  return (shifted(step) - shifted(-step)) / (2 * step);
}
