import { expect, it } from 'vitest';
import type { Case, Operator } from '../../../../spec/types/documents.js';
import { underCondition } from '../../../../suites/properties/lib/law.js';

it('a condition on an option changes the sizes that are computed from it', () => {
  const operator = {
    axes: { c: { size: ['-', 0, ['floor', ['/', ['-', 0, '#n'], '$block']]] }, r: { size: '$block' } },
    inputs: { x: ['b', 'c', 'r'] },
    options: { block: { default: 4 }, scale: { default: 1 } },
  } as unknown as Operator;
  const c = { dims: { b: 1, n: 5, c: 2, r: 4 }, options: {}, values: { distribution: 'normal', seed: 0 } } as unknown as Case;
  expect(underCondition(c, operator, { block: 1 }).dims).toEqual({ b: 1, n: 5, c: 5, r: 1 });
  expect(underCondition(c, operator, { scale: 2 }).dims).toEqual(c.dims);
});
