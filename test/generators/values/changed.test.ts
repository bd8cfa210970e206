import { expect, test } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import type { Case } from '../../../spec/types/documents.js';
import { capable, library } from '../capable.js';

test('a changed case differs from the plain one in one element of the far half', () => {
  for (const seed of [0, 1, 2, 3]) {
    const c: Case = {
      operator: 'softmax',
      dims: { b: 2, hk: 2, g: 1, m: 3, n: 5, d: 3, e: 4 },
      mask: { name: 'full' },
      options: {},
      dtype: 'f16',
      layout: 'bhld',
      values: { distribution: 'normal', seed },
    };
    const plain = problemOf(library, c, capable(), false).inputs;
    const changed = problemOf(library, { ...c, values: { ...c.values, changed: true } }, capable(), false).inputs;
    const different = (name: string) => [...plain[name].data.keys()].filter((at) => plain[name].data[at] !== changed[name].data[at]);
    const name = seed % 2 === 0 ? 'v' : 'k';
    expect(different('q')).toEqual([]);
    expect(different(name === 'v' ? 'k' : 'v')).toEqual([]);
    const [at, ...others] = different(name);
    expect(others).toEqual([]);
    expect(at).toBeGreaterThanOrEqual(plain[name].data.length / 2 - 1);
    expect(Math.abs(changed[name].data[at] - plain[name].data[at])).toBeGreaterThan(7);
  }
});
