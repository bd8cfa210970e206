import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { inLayout, inView } from '../../../generators/values/view.js';
import { layoutForm } from '../../../spec/operator/facts.js';
import { contiguousData, tensorOf } from '../../../spec/tensor/tensor.js';

const size = fc.integer({ min: 1, max: 4 });
const shapes = fc.tuple(size, size, size, size);
const orders = fc.shuffledSubarray(['b', 'h', 'l', 'd'], { minLength: 4 }).map((letters) => letters.join(''));

function counted(shape: readonly number[]) {
  return tensorOf(
    'f32',
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i + 1),
  );
}

describe('views', () => {
  test.prop([shapes, orders, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 9 })])(
    'hold the same elements, and NaN between them',
    (shape, order, pad, step, offset) => {
      const t = counted(shape);
      const view = inView(t, { order, pad, step, offset }, 'bhld', 'nan');
      expect(Array.from(contiguousData(view))).toEqual(Array.from(t.data));
      const numbers = Array.from(view.data).filter((x) => !Number.isNaN(x));
      expect(numbers.length).toBe(t.data.length);
      expect(view.offset).toBe(offset);
    },
  );

  test.prop([fc.array(size, { minLength: 1, maxLength: 5 }), orders, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 3 })])(
    'hold the same elements whatever their rank',
    (shape, order, pad, step) => {
      const t = counted(shape);
      expect(Array.from(contiguousData(inView(t, { order, pad, step, offset: 3 }, 'blhd', 'nan')))).toEqual(Array.from(t.data));
    },
  );

  test.prop([shapes])('are not exchanged where their axes are not heads and tokens', (shape) => {
    const t = counted(shape);
    // a matrix of weights by head, scores of queries with keys, queries without heads
    for (const axes of [['hk', 'd', 'r', 'c'], ['b', 'h', 'm', 'n'], ['b', 'm', 'r'], ['hk'], ['b', 'h', 'm', 'r', 'c']])
      expect([axes, layoutForm(axes)]).toEqual([axes, 'fixed']);
    expect(inLayout(t, 'blhd', 'fixed')).toBe(t);
    expect([layoutForm(['b', 'hk', 'n', 'r']), layoutForm(['b', 'h', 'm']), layoutForm(['b', 'hk', 'n'])]).toEqual([
      'tokens',
      'rows',
      'rows',
    ]);
  });

  test.prop([shapes])('of step 0 share the first batch entry', (shape) => {
    const view = inView(counted(shape), { step: 0 }, 'bhld', 'nan');
    expect(view.strides[0]).toBe(0);
    expect(view.data.length).toBe(shape[1] * shape[2] * shape[3]);
  });

  test.prop([shapes])('of another layout swap heads and sequence', (shape) => {
    const t = counted(shape);
    const other = inLayout(t, 'blhd');
    expect(other.shape).toEqual([shape[0], shape[2], shape[1], shape[3]]);
    expect(Array.from(contiguousData(inLayout({ ...other }, 'blhd')))).toEqual(Array.from(t.data));
  });
});
