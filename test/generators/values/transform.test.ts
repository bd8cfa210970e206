import { describe, expect, it, test } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { validateCase } from '../../../generators/validate.js';
import { untransformed, withChange } from '../../../generators/values/transform.js';
import { masksOf } from '../../../generators/whole/mask-form.js';
import { Claims } from '../../../spec/claims/claims.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Change } from '../../../spec/types/documents.js';
import { capable, library } from '../capable.js';

const capabilities = capable({ denseMask: 'boolean', gradients: ['q', 'k', 'v', 'dlse'] });
const seeds = [0, 1, 2, 3, 200];
const caseOf = (seed: number, changes: Partial<Case> = {}): Case => ({
  operator: 'softmax',
  dims: { b: 2, hk: 2, g: 1, m: 3, n: 5, d: 3, e: 4 },
  mask: { name: 'full' },
  options: { sink: true, alibi: true, bias: true },
  dtype: 'f16',
  layout: 'bhld',
  values: { distribution: 'normal', seed },
  ...changes,
});
const inputsOf = (c: Case) => problemOf(Claims.of(library, capabilities), c, true).inputs;

/** Places at which two cases' inputs differ, by name. */
function differences(a: Case, b: Case): Record<string, number[]> {
  const [x, y] = [inputsOf(a), inputsOf(b)];
  return Object.fromEntries(
    Object.keys(x).flatMap((name) => {
      const places = [...x[name].data.keys()].filter((at) => !Object.is(x[name].data[at], y[name].data[at]));
      return places.length > 0 ? [[name, places]] : [];
    }),
  );
}

describe('a change', () => {
  test.each(['q', 'k', 'v', 'bias', 'alibi', 'sink', 'do', 'dlse'])('of %s is one of its elements, in the far half', (name) => {
    for (const seed of seeds) {
      const plain = caseOf(seed);
      const changed = withChange(plain, { change: name });
      validateCase(library, changed, 'case');
      const found = differences(plain, changed);
      expect(Object.keys(found)).toEqual([name]);
      const { data } = inputsOf(plain)[name];
      expect(found[name]).toHaveLength(1);
      expect(found[name][0]).toBeGreaterThanOrEqual(data.length / 2 - 1);
      expect(Math.abs(inputsOf(changed)[name].data[found[name][0]] - data[found[name][0]])).toBeGreaterThan(name === 'alibi' ? 0.2 : 7);
      expect(untransformed(changed)).toEqual(plain);
    }
  });

  it('of the mask is one cell of what the kernel is given, for each entry and head', () => {
    for (const seed of seeds) {
      const plain = caseOf(seed, { mask: { not: { name: 'causal' } } });
      const changed = withChange(plain, { change: 'mask' });
      validateCase(library, changed, 'case');
      const [before, after] = [plain, changed].map((c) => valuesOf(tensorsOf(Claims.of(library, capabilities), c).mask));
      const cells = [...before.keys()].filter((at) => before[at] !== after[at]);
      const size = before.length / cells.length;
      expect(new Set(cells.map((at) => at % 15)).size).toBe(1);
      expect(size).toBe(15);
      const { own } = masksOf(library, changed);
      const [i, j] = [Math.floor((cells[0] % 15) / 5), cells[0] % 5];
      expect(own.visible(1, 1, i, j)).toBe(!masksOf(library, plain).own.visible(1, 1, i, j));
      expect(differences(plain, changed)).toEqual({});
    }
  });

  it('that the case says itself is made there', () => {
    const c = caseOf(1, { options: { scale: 0.5 } });
    expect(withChange(c, { change: 'scale', to: 0.25 })).toEqual({ ...c, options: { scale: 0.25 } });
    expect(withChange(c, { change: 'mask', to: { name: 'causal' } })).toEqual({ ...c, mask: { name: 'causal' } });
    const packed = { q: [1, 2], k: [3, 2] };
    expect(withChange({ ...c, packed: { q: [2, 1], k: [3, 2] } }, { change: 'packed', to: packed }).packed).toEqual(packed);
  });

  it('comes after those before it', () => {
    const c = withChange(withChange(caseOf(3), { change: 'q' }), { change: 'sink' });
    expect(c.values.transform).toEqual([{ change: 'q' }, { change: 'sink' }]);
    expect(Object.keys(differences(caseOf(3), c))).toEqual(['q', 'sink']);
  });

  it('of a case from before there was a list is one of k or v, as it was then', () => {
    for (const seed of seeds) {
      const old = caseOf(seed, { values: { distribution: 'normal', seed, changed: true } });
      validateCase(library, old, 'case');
      expect(inputsOf(old)).toEqual(inputsOf(withChange(caseOf(seed), { change: seed % 2 === 0 ? 'v' : 'k' })));
    }
  });
});

describe('a constant added to scores', () => {
  it.each([0, 60_000, -12_000])('is %d in every one of them', (add) => {
    for (const [dtype, scale] of [
      ['f32', undefined],
      ['f16', 0.0625],
      ['bf16', 2],
    ] as const) {
      const c = caseOf(5, { dtype, options: scale === undefined ? {} : { scale } });
      const shifted = withChange(c, { add, to: 'scores' });
      validateCase(library, shifted, 'case');
      const { q, k } = inputsOf(shifted);
      const products = new Set<number>();
      for (let i = 2; i < q.data.length; i += 3)
        for (let j = 2; j < k.data.length; j += 3) products.add(q.data[i] * k.data[j] * (scale ?? 3 ** -0.5));
      expect(products.size).toBe(1);
      const [product] = products;
      expect(Math.abs(product - add)).toBeLessThanOrEqual(Math.abs(add) * 2 ** -8);
    }
  });
});

test.each<[Change, RegExp]>([
  [{ change: 'w' }, /transform\[0\].change: found "w"/],
  [{ change: 'scal', to: 1 }, /transform\[0\].change: found "scal"/],
  [{ change: 'mask', to: { name: 'nothing' } }, /nothing/],
  [{ change: 'packed', to: { q: [1], k: [1] } }, /packed/],
])('a change of what is not there is refused: %j', (change, message) => {
  const c = caseOf(0);
  expect(() => validateCase(library, { ...c, values: { ...c.values, transform: [change] } }, 'case')).toThrow(message);
});
