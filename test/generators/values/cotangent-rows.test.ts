import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import { Claims } from '../../../spec/claims/claims.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Case } from '../../../spec/types/documents.js';
import { capable, library } from '../capable.js';

const claims = Claims.of(library, capable({ gradients: true }));

describe('a row without keys', () => {
  const sizes = fc.record({
    b: fc.constantFrom(1, 2),
    hk: fc.constantFrom(1, 2),
    g: fc.constantFrom(1, 2),
    m: fc.integer({ min: 2, max: 7 }),
  });

  test.prop([sizes, fc.integer({ min: 0, max: 99 }), fc.constantFrom('zero', 'nan', 'mean')])(
    'has a cotangent, unless its output is a mean whose gradient the dialect leaves open',
    (given, seed, emptyOutput) => {
      const c: Case = {
        operator: 'softmax',
        dims: { ...given, n: given.m - 1, d: 3, e: 4 },
        mask: { name: 'causal' },
        options: {},
        dtype: 'f32',
        layout: 'bhld',
        dialect: { emptyOutput: emptyOutput as 'zero' },
        values: { distribution: 'normal', seed: 4 * seed },
      };
      const problem = problemOf(claims, c, true);
      const { empty } = expectationOf(problem, false);
      expect(empty).toContain(1);
      const width = problem.inputs.do.data.length / empty.length;
      for (let row = 0; row < empty.length; row++) {
        const cotangent = [...problem.inputs.do.data.subarray(row * width, (row + 1) * width)];
        expect(cotangent.some((x) => x !== 0)).toBe(emptyOutput !== 'mean' || !empty[row]);
      }
    },
  );
});
