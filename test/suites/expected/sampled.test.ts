import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { contiguous, type Tensor, type Tensors, tensorOf, transpose, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Layout, Mask, Operator } from '../../../spec/types/documents.js';
import { expectedOf } from '../../../suites/expected/expected.js';
import { failingRow } from '../../../suites/expected/failing-row.js';
import { caseOfTensors, type OwnProblem } from '../../../suites/expected/own-problem.js';
import { judgeSample, judgeSampled } from '../../../suites/expected/sampled.js';

const library = createLibrary();
const softmax = library.operators.get('softmax') as Operator;

interface Sizes {
  readonly b: number;
  readonly hk: number;
  readonly g: number;
  readonly m: number;
  readonly n: number;
}

const noise = (salt: number) => (_: unknown, i: number) => Math.sin(salt + 0.37 * i * i) * 2;

function inLayoutOf(t: Tensor, layout: Layout): Tensor {
  return layout === 'bhld' || t.shape.length < 4 ? t : contiguous(transpose(t, [0, 2, 1, 3]));
}

/** Tensors of softmax attention with right outputs and gradients in f32, in a layout. */
function rightTensors({ b, hk, g, m, n }: Sizes, layout: Layout, mask: Mask, extra: Tensors = {}): OwnProblem {
  const [d, e] = [4, 3];
  const drawn = (shape: readonly number[], salt: number) =>
    tensorOf('f32', shape, Array.from({ length: shape.reduce((x, y) => x * y, 1) }, noise(salt)));
  const plain = { q: drawn([b, hk * g, m, d], 1), k: drawn([b, hk, n, d], 2), v: drawn([b, hk, n, e], 3), do: drawn([b, hk * g, m, e], 4) };
  const tensors = { ...Object.fromEntries(Object.entries(plain).map(([name, t]) => [name, inLayoutOf(t, layout)])), ...extra };
  const own: OwnProblem = { library, operator: softmax, tensors, layout, mask, options: {}, dialect: {}, numeric: undefined };
  const found = expectedOf(own).tensors;
  const outputs = ['o', 'lse', 'dq', 'dk', 'dv'].map((name) => {
    const t = contiguous(found[`expected.${name}`]);
    return [name, tensorOf('f32', t.shape, valuesOf(t))] as const;
  });
  return { ...own, tensors: { ...tensors, ...Object.fromEntries(outputs) } };
}

function changed(own: OwnProblem, name: string, at: number, add: number): OwnProblem {
  const t = own.tensors[name];
  const values = [...valuesOf(t)];
  values[at] += add;
  return { ...own, tensors: { ...own.tensors, [name]: tensorOf('f32', t.shape, values) } };
}

const failed = ({ judged }: ReturnType<typeof judgeSample>) => judged.filter(({ judgement }) => judgement.status === 'fail');

const sizes = fc.record({
  b: fc.integer({ min: 1, max: 3 }),
  hk: fc.integer({ min: 1, max: 3 }),
  g: fc.integer({ min: 1, max: 3 }),
  m: fc.integer({ min: 1, max: 70 }),
  n: fc.integer({ min: 1, max: 40 }),
});
const layouts = fc.constantFrom<Layout>('bhld', 'blhd');
const masks = fc.constantFrom<Mask>({ name: 'full' }, { name: 'causal' }, { name: 'sliding-window', parameters: { left: 5, right: 2 } });

describe('a sample of a user’s tensors', () => {
  test.prop([sizes, layouts, masks], { numRuns: 30 })('passes right outputs and gradients', (shape, layout, mask) => {
    const own = rightTensors(shape, layout, mask);
    const verdict = judgeSample(own, caseOfTensors(own));
    expect(failed(verdict)).toEqual([]);
    expect(verdict.judged.map(({ pass, outputs }) => [pass, [...outputs].sort()])).toEqual([
      ['forward', ['lse', 'o']],
      ['backward', ['dk', 'dq', 'dv']],
    ]);
    const { b, hk, g, m } = shape;
    expect(verdict.rows.of).toBe(b * hk * g * m);
    expect(verdict.rows.judged).toBeGreaterThanOrEqual(b * hk * g * Math.ceil(m / 64));
    expect(judgeSample(own, caseOfTensors(own)).rows).toEqual(verdict.rows);
  });

  test.prop([sizes, layouts, fc.constantFrom('o', 'lse', 'dq', 'dk', 'dv'), fc.nat(), fc.nat()], { numRuns: 60 })(
    'names the element that is wrong, if it was judged, and never another one',
    (shape, layout, name, head, x) => {
      const own = rightTensors(shape, layout, { name: 'full' });
      const t = own.tensors[name];
      // the first row of a head is in every sample
      const heads = layout === 'bhld' ? 1 : 2;
      const index = t.shape.map((size, axis) => (axis === 0 || axis === (t.shape.length === 4 ? heads : 1) ? head % size : 0));
      if (t.shape.length === 4) index[3] = x % t.shape[3];
      const at = index.reduce((sum, i, axis) => sum * t.shape[axis] + i, 0);
      const [verdict] = failed(judgeSample(changed(own, name, at, 1), caseOfTensors(own)));
      const inOrder = t.shape.length === 4 && layout === 'blhd' ? [index[0], index[2], index[1], index[3]] : index;
      expect(verdict?.judgement).toMatchObject({ output: name, index: inOrder });
      expect((verdict.judgement as { message: string }).message).toContain(`${name}[${inOrder.join(', ')}]`);
    },
  );

  it('judges each element of o by the range of its values', () => {
    const own = rightTensors({ b: 1, hk: 2, g: 1, m: 200, n: 200 }, 'bhld', { name: 'causal' });
    for (const value of [9, Number.NaN, Number.POSITIVE_INFINITY]) {
      const [verdict] = failed(judgeSample(changed(own, 'o', (200 + 137) * 3 + 1, value), caseOfTensors(own)));
      expect(verdict.judgement).toMatchObject({ output: 'o', index: [0, 1, 137, 1] });
    }
  });

  it('judges each row without keys', () => {
    const own = rightTensors({ b: 1, hk: 1, g: 1, m: 200, n: 16 }, 'bhld', { name: 'causal' });
    const [verdict] = failed(judgeSample(changed(own, 'o', 137 * 3 + 1, 0.1), caseOfTensors(own)));
    expect(verdict.judgement).toMatchObject({ class: 'empty-row', index: [0, 0, 137, 1] });
  });

  it('takes a dense mask, whose hidden rows may hold anything that the dialect allows', () => {
    const keep = Uint8Array.from({ length: 2 * 3 * 8 * 8 }, (_, at) => Number(at % 5 > 1 && Math.floor(at / 8) % 4 > 0));
    const mask = { ...tensorOf('u8', [2, 3, 8, 8], keep), dtype: 'bool' as const };
    const own = rightTensors({ b: 2, hk: 3, g: 1, m: 8, n: 8 }, 'bhld', { name: 'full' }, { mask });
    expect(failed(judgeSample(own, caseOfTensors(own)))).toEqual([]);
  });

  it('is what large tensors are judged by', () => {
    const own = rightTensors({ b: 1, hk: 1, g: 1, m: 8, n: 8 }, 'bhld', { name: 'full' });
    expect(judgeSampled(own).rows).toEqual({ judged: 8, of: 8 });
  });
});

describe('the row of a failure', () => {
  test.prop([sizes, layouts, masks, fc.nat()], { numRuns: 30 })('is wrong alone, with the keys that it sees', (shape, layout, mask, at) => {
    const right = rightTensors(shape, layout, mask);
    const own = changed(right, 'o', at % valuesOf(right.tensors.o).length, 1);
    const verdict = judgeSampled(own);
    const row = failingRow(own, verdict);
    const { judgement } = verdict.judged[0];
    fc.pre(judgement.status === 'fail' && judgement.class !== 'empty-row');
    expect(row).toBeDefined();
    const alone = judgeSampled(row as OwnProblem);
    expect(alone.case.dims).toMatchObject({ b: 1, hk: 1, g: 1, m: 1 });
    expect(failed(alone)).toHaveLength(1);
    expect(alone.case.dims.n).toBeLessThanOrEqual(shape.n);
  });

  it('is none where nothing is wrong', () => {
    const own = rightTensors({ b: 1, hk: 1, g: 1, m: 8, n: 8 }, 'bhld', { name: 'full' });
    expect(failingRow(own, judgeSampled(own))).toBeUndefined();
  });
});
