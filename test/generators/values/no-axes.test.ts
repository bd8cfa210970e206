import { describe, expect, it } from 'vitest';
import { tensorsOf } from '../../../generators/tensors.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import { programOf } from '../../spec/program/fixtures.js';

const operator = {
  ...programOf({ q: ['b', 'm', 'd'], s: { axes: [], draw: 'unit' } }, [['o', ['mul', 'q', 's']]]),
  outputs: { o: ['b', 'm', 'd'] },
};
const library = createLibrary([{ kind: 'operator', document: 'test', value: operator }]);
const claims = Claims.of(library, resolveCapabilities({ dtypes: ['f32'], operators: ['test'] }, 'test'));

describe('an input without axes', () => {
  it('is drawn as any other', () => {
    const drawn = Array.from({ length: 20 }, (_, seed) => {
      const { s } = tensorsOf(claims, {
        ...{ operator: 'test', dims: { b: 1, hk: 1, g: 1, m: 2, n: 1, d: 3, e: 1 }, mask: { name: 'full' }, options: {} },
        ...{ dtype: 'f32', layout: 'bhld', values: { distribution: 'normal', seed } },
      });
      expect(s.shape).toEqual([]);
      return valuesOf(s)[0];
    });
    expect(new Set(drawn).size).toBe(20);
    expect(drawn.every((x) => 0 < x && x < 1)).toBe(true);
  });
});
