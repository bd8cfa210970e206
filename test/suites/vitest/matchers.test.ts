import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { assertAttention, type TensorLike } from '../../../suites/expected/assert-attention.js';
import '../../../suites/vitest/index.js';

const drawn = (shape: readonly number[], salt: number): TensorLike => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((x, y) => x * y, 1) }, (_, i) => Math.sin(salt + i * i * 0.37)),
});

/** Causal attention in double precision, rounded to f32. q [b, h, m, d], k [b, h, n, d], v [b, h, n, e]. */
function causal(q: TensorLike, k: TensorLike, v: TensorLike, offset = 0): TensorLike {
  const [b, h, m, d] = q.shape;
  const [, , n, e] = v.shape;
  const data = new Float32Array(b * h * m * e);
  for (let row = 0; row < b * h * m; row++) {
    const head = Math.floor(row / m);
    const weights = Array.from({ length: Math.min(n, (row % m) + n - m + 1 + offset) }, (_, j) => {
      let score = 0;
      for (let x = 0; x < d; x++) score += q.data[row * d + x] * k.data[(head * n + j) * d + x];
      return Math.exp(score / Math.sqrt(d));
    });
    const sum = weights.reduce((x, y) => x + y, 0);
    for (let x = 0; x < e; x++) data[row * e + x] = weights.reduce((o, w, j) => o + (w / sum) * v.data[(head * n + j) * e + x], 0);
  }
  return { shape: [b, h, m, e], data };
}

const sizes = fc.record({
  h: fc.integer({ min: 1, max: 3 }),
  m: fc.integer({ min: 1, max: 9 }),
  more: fc.nat(5),
  d: fc.integer({ min: 1, max: 8 }),
});

describe('toMatchAttention', () => {
  test.prop([sizes, fc.nat(1000)])('passes attention in any sizes, and fails it with one key too few', ({ h, m, more, d }, salt) => {
    const n = m + more;
    const [q, k, v] = [drawn([2, h, m, d], salt), drawn([2, h, n, d], salt + 1), drawn([2, h, n, d], salt + 2)];
    expect(causal(q, k, v)).toMatchAttention({ q, k, v, mask: 'causal' });
    if (n > m) expect(causal(q, k, v, -1)).not.toMatchAttention({ q, k, v, mask: 'causal' });
  });

  const [q, k, v] = [1, 2, 3].map((salt) => drawn([1, 2, 6, 4], salt));

  it('says what explains a failure', () => {
    expect(() => expect(causal(q, k, v)).toMatchAttention({ q, k, v })).toThrow(/off by .* times the bound[\s\S]*causal mask/);
  });

  it('takes outputs by name, tensors as masks, options and numeric profiles', () => {
    const mask: TensorLike = {
      shape: [6, 6],
      data: Uint8Array.from({ length: 36 }, (_, at) => Number(at % 6 <= Math.floor(at / 6))),
      dtype: 'bool',
    };
    expect({ o: causal(q, k, v) }).toMatchAttention({ q, k, v, mask: { ...mask, shape: [1, 1, 6, 6] }, scale: 0.5, numerics: 'ieee' });
  });
});

describe('assertAttention', () => {
  const [q, k, v] = [1, 2, 3].map((salt) => drawn([1, 1, 4, 4], salt));

  it('throws what toMatchAttention says', () => {
    assertAttention(causal(q, k, v), { q, k, v, mask: 'causal' });
    expect(() => assertAttention(q, { q, k, v, mask: 'causal' })).toThrow(/softmax f32.*\n.*largest error/);
  });

  it('refuses what contradicts itself', () => {
    expect(() => assertAttention(q, { q: { ...q, shape: [1, 1, 4, 5] }, k, v })).toThrow(
      'q: found 16 elements, must be 20 of shape [1,1,4,5]',
    );
    expect(() => assertAttention(q, { q, k, v, operator: 'sofmax' })).toThrow('unknown operator "sofmax"');
    expect(() => assertAttention({ shape: [1], data: new Uint16Array(1) }, { q, k, v })).toThrow('does not tell the dtype');
    expect(() => assertAttention({}, { q, k, v })).toThrow('no output to judge: softmax gives o, lse');
  });
});
