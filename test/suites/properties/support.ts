import { type FullCapabilities, resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { fullDialect } from '../../../spec/dialect.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { maskDocuments } from '../../../spec/masks/index.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import type { Expectation, Expected, Problem } from '../../../spec/problem.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import { sizeOf, type Tensors, tensorOf } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { Capabilities, Case, Operator } from '../../../spec/types/documents.js';
import type { CallSpec, Judgement, Property } from '../../../suites/contract/property.js';
import { judgeCase } from '../../../suites/properties/lib/judge-case.js';

/** A small world in which properties are judged: masks, inputs and expectations by brute force in float64. */

const softmax = operatorDocuments.find(({ name }) => name === 'softmax') as Operator;
export const library: SpecLibrary = {
  operators: new Map([['softmax', softmax]]),
  masks: new Map(maskDocuments.map((mask) => [mask.name, mask])),
  profiles: new Map(),
  schemes: new Map(),
  clusters: new Map(),
  lengths: new Map(),
};

export function capabilitiesOf(capabilities: Partial<Capabilities> = {}): FullCapabilities {
  return resolveCapabilities(
    {
      dtypes: ['f32'],
      operators: ['softmax'],
      masks: ['full', 'causal', 'padding'],
      denseMask: 'boolean',
      outputs: ['o', 'lse'],
      ...capabilities,
    },
    'test',
  );
}

export function caseOf(changes: Partial<Case> & { sizes?: Partial<Case['dims']> } = {}): Case {
  const { sizes, ...rest } = changes;
  return {
    operator: 'softmax',
    dims: { b: 2, hk: 2, g: 1, m: 4, n: 6, d: 3, e: 3, ...sizes },
    mask: { name: 'full' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 7 },
    ...rest,
  };
}

function visibleIn(c: Case, b: number, i: number, j: number): boolean {
  const mask = c.block?.of ?? c.mask;
  if (!('name' in mask)) throw new TypeError('only named masks here');
  const [m, n] = c.block?.whole ?? [c.dims.m, c.dims.n];
  switch (mask.name) {
    case 'full':
      return true;
    case 'causal':
      return j <= i + (c.dialect?.causal === 'top-left' ? 0 : n - m);
    case 'padding':
      return j < (mask.parameters as { lengths: number[] }).lengths[b];
    default:
      throw new TypeError(mask.name);
  }
}

export function maskFrom(c: Case, visible: CompiledMask['visible']): CompiledMask {
  const { b, hk, g, m, n } = c.dims;
  return {
    b,
    heads: hk * g,
    m,
    n,
    perBatch: true,
    perHead: true,
    visible,
    runs: (x, h, i, out) => {
      let count = 0;
      for (let j = 0; j < n; j++) {
        if (!visible(x, h, i, j)) continue;
        if (count === 0 || out[2 * count - 1] !== j) out[2 * count++] = j;
        out[2 * count - 1] = j + 1;
      }
      return count;
    },
    area: () => 0,
    tables: {},
  };
}

/** A number in (−1, 1) of the element's place: the same whatever the sizes. */
function element(seed: number, name: string, index: readonly number[]): number {
  let x = seed + 1;
  for (const part of [...name].map((letter) => letter.charCodeAt(0)).concat(index))
    x = Math.imul(x ^ (part + 0x9e37), 0x85ebca6b) ^ (x >>> 13);
  return Math.fround((Math.imul(x ^ (x >>> 16), 0xc2b2ae35) >> 8) / 2 ** 23);
}

function draw(c: Case, name: string, shape: readonly number[], offset: readonly number[]): Float64Tensor {
  const data = new Float64Array(sizeOf(shape));
  for (let at = 0; at < data.length; at++) {
    let rest = at;
    const index = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (rest % shape[axis]) + (offset[axis] ?? 0);
      rest = Math.floor(rest / shape[axis]);
    }
    data[at] = element(c.values.seed, name, index);
    if (c.values.distribution === 'visibility') {
      if (name === 'q') data[at] = 0;
      if (name === 'v') data[at] = index[2] === (c.values.columns ?? 0) + index[3] ? index[1] + 1 : 0;
    }
  }
  return { shape, data };
}

const poisons = { nan: NaN, inf: Infinity, '-inf': -Infinity, huge: 3e38, finite: 1e4 };

export function problemOf({ capabilities }: Claims, c: Case, gradients: boolean): Problem {
  const { b, hk, g, m, n, d, e } = c.dims;
  const [start] = c.block?.keys ?? [0];
  const mask = maskFrom(c, (x, _h, i, j) => visibleIn(c, x, i, j + start));
  const inputs: Record<string, Float64Tensor> = {
    q: draw(c, 'q', [b, hk * g, m, d], []),
    k: draw(c, 'k', [b, hk, n, d], [0, 0, start]),
    v: draw(c, 'v', [b, hk, n, e], [0, 0, start]),
  };
  if (c.options.sink) inputs.sink = draw(c, 'sink', [hk * g], []);
  if (gradients) inputs.do = draw(c, 'do', [b, hk * g, m, e], []);
  const { poison } = c.values;
  if (poison) {
    for (const { shape, data } of [inputs.k, inputs.v]) {
      const width = shape[3];
      for (let slot = 0; slot < b * hk * n; slot++) {
        const x = Math.floor(slot / (hk * n));
        const seen = Array.from({ length: m }, (_, i) => mask.visible(x, 0, i, slot % n)).includes(true);
        if (!seen) data.fill(poisons[poison], slot * width, (slot + 1) * width);
      }
    }
  }
  return {
    case: c,
    operator: softmax,
    inputs,
    mask,
    dialect: fullDialect(c.dialect),
    numeric: resolveNumeric(c.dtype, capabilities.numeric),
  };
}

function expected(shape: readonly number[]): Expected {
  return { shape, value: new Float64Array(sizeOf(shape)), bound: new Float64Array(sizeOf(shape)) };
}

/** Plain two-pass attention; bounds are 1e-6 of the sum of magnitudes, so zero where nothing but zeros is added. */
export function expectationOf(problem: Problem, gradients: boolean): Expectation {
  const { inputs, mask, dialect } = problem;
  const { b, hk, g, m, n, d, e } = problem.case.dims;
  const { options } = problem.case;
  const heads = hk * g;
  const scale = typeof options.scale === 'number' ? options.scale : dialect.defaultScale === '1' ? 1 : 1 / Math.sqrt(d);
  const out = { o: expected([b, heads, m, e]), lse: expected([b, heads, m]) };
  const grad = { dq: expected([b, heads, m, d]), dk: expected([b, hk, n, d]), dv: expected([b, hk, n, e]) };
  const empty = new Uint8Array(b * heads * m);
  const add = (to: Expected, at: number, x: number) => {
    to.value[at] += x;
    to.bound[at] += 1e-6 * Math.abs(x);
  };
  for (let row = 0; row < empty.length; row++) {
    const i = row % m;
    const h = Math.floor(row / m) % heads;
    const x = Math.floor(row / (m * heads));
    const kv = x * hk + (dialect.heads === 'tiled' ? h % hk : Math.floor(h / g));
    const keys = Array.from({ length: n }, (_, j) => j).filter((j) => mask.visible(x, h, i, j));
    const at = (name: string, index: number, width: number) => Array.from(inputs[name].data.subarray(index * width, (index + 1) * width));
    const dot = (p: number[], q: number[]) => p.reduce((sum, y, z) => sum + y * q[z], 0);
    const sink = inputs.sink ? [inputs.sink.data[h]] : [];
    const query = at('q', row, d);
    const s = keys.map((j) => scale * dot(query, at('k', kv * n + j, d)));
    const all = [...s, ...sink];
    const logSum = (z: number[]) => Math.max(...z) + Math.log(z.reduce((sum, y) => sum + Math.exp(y - Math.max(...z)), 0));
    if (all.length === 0) {
      empty[row] = 1;
      out.lse.value[row] = { '-inf': -Infinity, finite: -Infinity, '+inf': Infinity, zero: 0, nan: NaN }[dialect.emptyLse];
      for (let y = 0; y < e; y++) {
        if (dialect.emptyOutput === 'nan') out.o.value[row * e + y] = NaN;
        if (dialect.emptyOutput === 'mean') for (let j = 0; j < n; j++) add(out.o, row * e + y, at('v', kv * n + j, e)[y] / n);
      }
      continue;
    }
    const lse = logSum(all);
    const stated = dialect.lseSink === 'excluded' ? (s.length ? logSum(s) : -Infinity) : lse;
    out.lse.value[row] = dialect.lseBase === '2' ? stated / Math.LN2 : stated;
    out.lse.bound[row] = Number.isFinite(stated) ? 1e-6 * (1 + Math.abs(stated)) : 0;
    const p = s.map((y) => Math.exp(y - lse));
    keys.forEach((j, c) => {
      const value = at('v', kv * n + j, e);
      for (let z = 0; z < e; z++) add(out.o, row * e + z, p[c] * value[z]);
    });
    if (!gradients) continue;
    const dOut = at('do', row, e);
    const delta = dot(dOut, Array.from(out.o.value.subarray(row * e, (row + 1) * e)));
    keys.forEach((j, c) => {
      const ds = scale * p[c] * (dot(dOut, at('v', kv * n + j, e)) - delta);
      const key = at('k', kv * n + j, d);
      for (let z = 0; z < e; z++) add(grad.dv, (kv * n + j) * e + z, p[c] * dOut[z]);
      for (let z = 0; z < d; z++) {
        add(grad.dq, row * d + z, ds * key[z]);
        add(grad.dk, (kv * n + j) * d + z, ds * query[z]);
      }
    });
  }
  // sums of terms that cancel err by more than their result
  for (const { bound } of Object.values(grad)) for (let z = 0; z < bound.length; z++) bound[z] *= 4;
  return { outputs: gradients ? grad : out, empty };
}

/** Answers a call as a kernel would. */
export type FakeKernel = (problem: Problem, call: CallSpec, index: number) => Tensors;

/** The expected values, rounded to what a kernel stores. */
export function stored(problem: Problem, expectation: Expectation): Tensors {
  const wide = problem.case.dtype === 'f64' ? 'f64' : 'f32';
  return Object.fromEntries(
    Object.entries(expectation.outputs).map(([name, { shape, value }]) => {
      const dtype = name === 'lse' ? wide : problem.case.dtype;
      return [
        name,
        tensorOf(
          dtype,
          shape,
          value.map((x) => roundTo(dtype, name === 'lse' && x === -Infinity && problem.dialect.emptyLse === 'finite' ? -1e30 : x)),
        ),
      ];
    }),
  );
}

/** Computes everything right. */
export const rightKernel: FakeKernel = (problem, call) => stored(problem, expectationOf(problem, call.command === 'backward'));

/** Computes another problem right, over the same inputs. */
export function kernelOf(change: (problem: Problem, index: number) => Partial<Problem>): FakeKernel {
  return (problem, call, index) => rightKernel({ ...problem, ...change(problem, index) }, call, index);
}

/** The right outputs, changed afterwards: element by element, in float64. */
export function kernelAfter(change: (output: string, x: number, at: number, index: number) => number): FakeKernel {
  return (problem, call, index) =>
    Object.fromEntries(
      Object.entries(expectationOf(problem, call.command === 'backward').outputs).map(([name, { shape, value }]) => {
        return [
          name,
          tensorOf(
            name === 'lse' ? 'f32' : problem.case.dtype,
            shape,
            value.map((x, at) => change(name, x, at, index)),
          ),
        ];
      }),
    );
}

/** A property's verdict on a kernel, with the explanation of a failure. */
export function diagnosed(property: Property, kernel: FakeKernel, c: Case, capabilities?: FullCapabilities): Judgement {
  return judged(property, kernel, c, capabilities, undefined, false).judgement;
}

/** A property's verdict on a kernel. */
export function judge(...given: Parameters<typeof judged>): Judgement {
  return judged(...given).judgement;
}

/** As `judge`, with the statistics. @param undiagnosed leaves a failure unexplained: to explain it takes most of the time of a case. */
export function judged(
  property: Property,
  kernel: FakeKernel,
  c: Case,
  capabilities: FullCapabilities = capabilitiesOf(),
  oracle: typeof expectationOf = expectationOf,
  undiagnosed = true,
): ReturnType<typeof judgeCase> {
  const results = property
    .calls(c, Claims.of(library, capabilities))
    .map((call, index) => kernel(problemOf(Claims.of(library, capabilities), call.case, call.command === 'backward'), call, index));
  const judge = { claims: Claims.of(library, capabilities), problemOf, expectationOf: oracle, undiagnosed };
  return judgeCase(property, judge, c, results);
}
