import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import { plantedKey } from '../../generators/values/planted-key.js';
import { maskForm, masksOf } from '../../generators/whole/mask-form.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { createLibrary } from '../../spec/library.js';
import { softmaxForward } from '../../spec/oracle/softmax-forward.js';
import { valuesOf } from '../../spec/tensor/tensor.js';
import type { Case, Distribution, DType } from '../../spec/types/documents.js';

const library = createLibrary();
const claims = (more: object = {}) =>
  resolveCapabilities(
    {
      dtypes: ['f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2'],
      operators: ['softmax'],
      masks: ['full', 'causal'],
      denseMask: 'boolean',
      options: ['scale', 'bias', 'sink', 'alibi'],
      gradients: ['q', 'k', 'v', 'dlse'],
      layouts: ['bhld', 'blhd', 'thd'],
      strided: true,
      ...more,
    },
    'test',
  );

function caseOf(more: Partial<Case> = {}): Case {
  return {
    operator: 'softmax',
    dims: { b: 2, hk: 2, g: 2, m: 5, n: 7, d: 3, e: 4 },
    mask: { name: 'full' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 3 },
    ...more,
  };
}

const dtypes = fc.constantFrom<DType>('f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2');
const distributions = fc.constantFrom<Distribution>(
  'integers',
  'normal',
  'uniform',
  'heavy-tailed',
  'peaked',
  'peaked-40',
  'near-tied',
  'offset',
  'planted',
  'subnormal',
  'dyadic',
  'one-hot',
);
const seeds = fc.nat(255);

describe('the tensors of a case', () => {
  test.prop([dtypes, distributions, seeds])('are what the oracle is asked about, to the bit', (dtype, distribution, seed) => {
    const c = caseOf({ dtype, options: { bias: true, sink: true, alibi: true }, values: { distribution, seed } });
    const tensors = tensorsOf(Claims.of(library, claims()), c, 'backward');
    const { inputs } = problemOf(Claims.of(library, claims()), c, true);
    expect(Object.keys(inputs).sort()).toEqual(['alibi', 'bias', 'dlse', 'do', 'k', 'q', 'sink', 'v']);
    for (const [name, { shape, data }] of Object.entries(inputs)) {
      const scale = tensors[`${name}_scale`];
      const scales = scale && valuesOf(scale);
      const per = scales ? data.length / scales.length : 1;
      const values = valuesOf(tensors[name]);
      expect(tensors[name].shape).toEqual(shape);
      expect(Array.from(values, (x, i) => (scales ? x * scales[Math.floor(i / per)] : x))).toEqual(Array.from(data));
      for (const x of data) expect(Number.isFinite(x)).toBe(true);
    }
  });

  test.prop([fc.integer({ min: 1, max: 12 }), seeds])('keep their values when a dimension shrinks', (n, seed) => {
    const large = valuesOf(
      tensorsOf(
        Claims.of(library, claims()),
        caseOf({ dims: { b: 1, hk: 1, g: 1, m: 1, n: 13, d: 3, e: 2 }, values: { distribution: 'normal', seed } }),
      ).k,
    );
    const small = valuesOf(
      tensorsOf(
        Claims.of(library, claims()),
        caseOf({ dims: { b: 1, hk: 1, g: 1, m: 1, n, d: 3, e: 2 }, values: { distribution: 'normal', seed } }),
      ).k,
    );
    expect(Array.from(small)).toEqual(Array.from(large.subarray(0, n * 3)));
  });

  test.prop([seeds])('come in other layouts and views with the same elements', (seed) => {
    const plain = tensorsOf(Claims.of(library, claims()), caseOf({ values: { distribution: 'normal', seed } }));
    const other = tensorsOf(
      Claims.of(library, claims()),
      caseOf({ layout: 'blhd', views: { k: { order: 'dlhb', pad: 2, step: 2, offset: 5 } }, values: { distribution: 'normal', seed } }),
    );
    expect(other.k.shape).toEqual([2, 7, 2, 3]);
    const flat = valuesOf(plain.k);
    const swapped = valuesOf(other.k);
    for (let b = 0; b < 2; b++)
      for (let h = 0; h < 2; h++)
        for (let j = 0; j < 7; j++)
          for (let x = 0; x < 3; x++) expect(swapped[((b * 7 + j) * 2 + h) * 3 + x]).toBe(flat[((b * 2 + h) * 7 + j) * 3 + x]);
  });

  test('of packed documents have no batch axis, and their bounds beside them', () => {
    const c = caseOf({ dims: { b: 1, hk: 2, g: 1, m: 3, n: 4, d: 3, e: 2 } });
    const plain = tensorsOf(Claims.of(library, claims()), c, 'backward');
    const packed = tensorsOf(Claims.of(library, claims()), { ...c, layout: 'thd', packed: { q: [2, 0, 1], k: [0, 1, 3] } }, 'backward');
    const shapes = Object.fromEntries(Object.entries(packed).map(([name, { shape }]) => [name, shape]));
    expect(shapes).toEqual({ q: [3, 2, 3], k: [4, 2, 3], v: [4, 2, 2], do: [3, 2, 2], dlse: [2, 3], cu_q: [4], cu_k: [4] });
    expect([[...packed.cu_q.data], [...packed.cu_k.data]]).toEqual([
      [0, 2, 2, 3],
      [0, 0, 1, 4],
    ]);
    expect(packed.dlse.data).toEqual(plain.dlse.data);
    const [k, laid] = [valuesOf(plain.k), valuesOf(packed.k)];
    for (let h = 0; h < 2; h++)
      for (let j = 0; j < 4; j++) for (let x = 0; x < 3; x++) expect(laid[(j * 2 + h) * 3 + x]).toBe(k[(h * 4 + j) * 3 + x]);
  });

  test('of a block are cut from those of the whole', () => {
    const whole = caseOf({ mask: { name: 'causal' }, options: { bias: true } });
    const block = caseOf({
      dims: { ...whole.dims, n: 3 },
      options: { bias: true },
      mask: { name: 'causal' },
      block: { queries: [0, 5], keys: [2, 5], of: { name: 'causal' }, whole: [5, 7] },
    });
    const all = tensorsOf(Claims.of(library, claims()), whole);
    const part = tensorsOf(Claims.of(library, claims()), block);
    expect(part.k.shape).toEqual([2, 2, 3, 3]);
    const [k, kPart] = [valuesOf(all.k), valuesOf(part.k)];
    for (let head = 0; head < 4; head++)
      for (let j = 0; j < 3; j++) for (let x = 0; x < 3; x++) expect(kPart[(head * 3 + j) * 3 + x]).toBe(k[(head * 7 + 2 + j) * 3 + x]);
    // query i of the whole sees keys up to i + 2; the block's mask goes dense, cut at its keys
    const mask = part.mask;
    expect(mask.shape.slice(2)).toEqual([5, 3]);
    for (let i = 0; i < 5; i++) for (let j = 0; j < 3; j++) expect(mask.data[i * 3 + j]).toBe(j + 2 <= i + 2 ? 1 : 0);
    const [bias, biasPart] = [valuesOf(all.bias), valuesOf(part.bias)];
    for (let row = 0; row < 5; row++) for (let j = 0; j < 3; j++) expect(biasPart[row * 3 + j]).toBe(bias[row * 7 + 2 + j]);
  });

  test.prop([seeds, fc.integer({ min: 32, max: 300 })])('of the planted distribution give one key about half of the weight', (seed, n) => {
    const c = caseOf({ dims: { b: 1, hk: 1, g: 1, m: 1, n, d: 4, e: 1 }, values: { distribution: 'planted', seed } });
    const problem = problemOf(Claims.of(library, claims()), c);
    const v = { shape: [1, 1, n, 1], data: new Float64Array(n) };
    v.data[plantedKey(seed, n)] = 1;
    const weight = softmaxForward({ ...problem, inputs: { ...problem.inputs, v } }).outputs.o.value[0];
    // the other scores are normal: their exponentials add up to n·√e, more or less
    expect(weight).toBeGreaterThan(0.1);
    expect(weight).toBeLessThan(0.9);
  });

  test.prop([seeds])('of the planted distribution give each packed document a key of its own', (seed) => {
    const dims = { b: 1, hk: 1, g: 1, m: 3, n: 60, d: 4, e: 3 };
    const packed = { q: [1, 1, 1], k: [20, 0, 40] };
    const problem = problemOf(
      Claims.of(library, claims()),
      caseOf({ dims, layout: 'thd', packed, values: { distribution: 'planted', seed } }),
    );
    const v = { shape: [1, 1, 60, 3], data: new Float64Array(180) };
    v.data[plantedKey(seed, 20) * 3] = 1;
    v.data[(20 + plantedKey(seed, 40)) * 3 + 2] = 1;
    const o = softmaxForward({ ...problem, inputs: { ...problem.inputs, v } }).outputs.o.value;
    expect(o.filter((weight) => weight > 0.1)).toHaveLength(2);
    expect([o[0], o[8]].every((weight) => weight > 0.1)).toBe(true);
  });

  test.prop([seeds, fc.constantFrom<'nan' | 'inf' | 'huge'>('nan', 'inf', 'huge')])(
    'are poisoned where no query of the group sees, and nowhere else',
    (seed, poison) => {
      const c = caseOf({
        mask: { name: 'padding', parameters: { lengths: [3, 7], side: 'right' } },
        values: { distribution: 'normal', seed },
      });
      const clean = valuesOf(tensorsOf(Claims.of(library, claims()), c).v);
      const dirty = valuesOf(tensorsOf(Claims.of(library, claims()), { ...c, values: { ...c.values, poison } }).v);
      for (let b = 0; b < 2; b++) {
        for (let h = 0; h < 2; h++) {
          for (let j = 0; j < 7; j++) {
            const at = ((b * 2 + h) * 7 + j) * 4;
            const hidden = b === 0 && j >= 3;
            expect(Object.is(dirty[at], clean[at])).toBe(!hidden);
          }
        }
      }
    },
  );

  test.each([
    ['talking-heads', { a: 3, c: 2 }, 'k', 3 * 7],
    ['talking-heads', { a: 3, c: 2 }, 'v', 2 * 7],
    ['mla', { t: 2, r: 3 }, 'c', 7],
    ['mla', { t: 2, r: 3 }, 'kp', 7],
    ['relational', { r: 2, c: 3 }, 'rk', 2 * 7],
    ['differential', {}, 'k2', 2 * 7],
  ])('of %s with %o are poisoned too: %s', (operator, more, name, slots) => {
    const c = caseOf({
      operator,
      dims: { b: 2, hk: 2, g: operator === 'talking-heads' ? 1 : 2, m: 5, n: 7, d: 3, e: 4, ...more },
      mask: { name: 'padding', parameters: { lengths: [3, 7], side: 'right' } },
      values: { distribution: 'normal', seed: 1, poison: 'nan' },
    });
    const values = valuesOf(tensorsOf(Claims.of(library, claims({ operators: [operator] })), c)[name]);
    const width = values.length / (2 * slots);
    values.forEach((x, at) => {
      const slot = Math.floor(at / width);
      expect(Number.isNaN(x)).toBe(slot < slots && slot % 7 >= 3);
    });
  });
});

describe('the form of a mask', () => {
  const form = (c: Case, more: object) => maskForm(Claims.of(library, claims(more)), c, masksOf(library, c).own)?.by;

  test('is its name where that is claimed, dense where dense masks are, and nothing otherwise', () => {
    const window = caseOf({ mask: { name: 'sliding-window', parameters: { left: 1, right: 0 } } });
    expect(form(window, { masks: ['sliding-window'] })).toBe('name');
    expect(form(window, {})).toBe('boolean');
    expect(form(window, { denseMask: 'additive' })).toBe('additive');
    expect(form(window, { denseMask: false })).toBeUndefined();
  });

  test('keeps to the shapes that hold it', () => {
    const padding = caseOf({ mask: { name: 'padding', parameters: { lengths: [3, 7], side: 'right' } } });
    expect(form(padding, { denseMaskShapes: ['1 1 m n'] })).toBeUndefined();
    expect(form(padding, { denseMaskShapes: ['1 1 m n', 'b 1 1 n'] })).toBe('boolean');
  });

  test('of an additive mask with a bias is one tensor that holds both', () => {
    const c = caseOf({ mask: { name: 'causal' }, options: { bias: true } });
    const additive = claims({ masks: ['full'], denseMask: 'additive', denseMaskShapes: ['b h m n', '1 1 m n'] });
    const { bias, mask } = tensorsOf(Claims.of(library, additive), c);
    expect(mask).toBeUndefined();
    expect(bias.shape).toEqual([2, 4, 5, 7]);
    const plain = problemOf(Claims.of(library, additive), c).inputs.bias.data;
    valuesOf(bias).forEach((x, at) => {
      const [j, i] = [at % 7, Math.floor(at / 7) % 5];
      expect(x).toBe(j <= i + 2 ? plain[at] : -Infinity);
    });
  });
});
