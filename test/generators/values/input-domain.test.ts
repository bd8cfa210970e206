import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { settle } from '../../../generators/values/input-domain.js';
import type { Dims } from '../../../spec/types/documents.js';

const rows = fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { minLength: 1, maxLength: 12 });

describe('numbers that a document says more of', () => {
  test.prop([rows, fc.integer({ min: 1, max: 3 })])('are of length 1, or sum to 1, along their last axis', (row, count) => {
    for (const [draw, power] of [
      ['direction', 2],
      ['simplex', 1],
    ] as const) {
      const values = Float64Array.from(Array.from({ length: count }, (_, at) => row.map((x) => x * (at + 1))).flat());
      settle(values, { kind: 'number', draw }, [count, row.length], {} as Dims);
      for (let at = 0; at < count; at++) {
        const own = values.subarray(at * row.length, (at + 1) * row.length);
        expect(own.reduce((sum, x) => sum + x ** power, 0)).toBeCloseTo(1, 12);
        // proportions stay
        for (const [i, x] of own.entries()) expect(x / own[0]).toBeCloseTo(row[i] / row[0], 10);
      }
    }
  });
});
