import { expect, it } from 'vitest';
import { contiguous, isContiguous, sizeOf, tensor, valuesOf } from '../../../spec/tensor/tensor.js';

it('a contiguous tensor has no more data than its elements, wherever it was cut from', () => {
  const whole = tensor('f32', [1, 2, 3, 1], Float32Array.from([1, 2, 3, 4, 5, 6]));
  for (const head of [0, 1]) {
    const cut = contiguous({ ...whole, shape: [1, 1, 3, 1], offset: 3 * head });
    expect([...cut.data]).toEqual([1, 2, 3].map((x) => x + 3 * head));
    expect(cut.offset).toBe(0);
  }
  expect(contiguous(whole)).toBe(whole);
  const turned = contiguous({ ...whole, shape: [3, 2], strides: [1, 3] });
  expect([...valuesOf(turned)]).toEqual([1, 4, 2, 5, 3, 6]);
  expect(isContiguous(turned) && turned.data.length === sizeOf(turned.shape)).toBe(true);
});
