import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attentionBias } from '../../../../adapters/backends/onnxruntime/attention-bias.js';
import { tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';

const sizes = [2, 3, 4, 5];
const shape = fc
  .tuple(fc.boolean(), fc.boolean(), fc.boolean())
  .map((ones) => [...ones.map((one, axis) => (one ? 1 : sizes[axis])), sizes[3]]);
const length = (s: readonly number[]) => s.reduce((a, b) => a * b, 1);
const bias = shape.chain((s) =>
  fc.array(fc.integer({ min: -9, max: 9 }), { minLength: length(s), maxLength: length(s) }).map((x) => tensorOf('f32', s, x)),
);
const mask = shape.chain((s) => fc.array(fc.nat(1), { minLength: length(s), maxLength: length(s) }).map((x) => tensorOf('bool', s, x)));

describe('attentionBias', () => {
  it('is the bias where the mask keeps and −∞ where it hides', () => {
    fc.assert(
      fc.property(bias, mask, (b, m) => {
        const both = attentionBias('f32', [b, m]);
        if (!both) throw new Error('nothing came of two terms');
        expect(both.shape).toEqual(b.shape.map((size, axis) => Math.max(size, m.shape[axis])));
        const [values, added, kept] = [valuesOf(both), valuesOf(b), valuesOf(m)];
        for (let at = 0; at < values.length; at++) {
          let rest = at;
          const index = [3, 2, 1, 0]
            .map((axis) => {
              const i = rest % both.shape[axis];
              rest = Math.floor(rest / both.shape[axis]);
              return i;
            })
            .reverse();
          const inside = (s: readonly number[]) => index.reduce((sum, i, axis) => sum * s[axis] + (i % s[axis]), 0);
          expect(values[at]).toBe(kept[inside(m.shape)] ? added[inside(b.shape)] : -Infinity);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is a lone bias itself, and nothing of nothing', () => {
    const [b] = fc.sample(bias, 1);
    expect(attentionBias('f32', [undefined, b])).toBe(b);
    expect(attentionBias('f32', [undefined, undefined])).toBeUndefined();
  });

  it('is rounded to the type of the operator', () => {
    const b = tensorOf('f32', [1, 1, 1, 1], [1 + 2 ** -14]);
    expect(valuesOf(attentionBias('f16', [b]) as typeof b)).toEqual(Float64Array.of(1));
  });
});
