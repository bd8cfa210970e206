import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { plainOperator } from '../../../spec/operators/plain.js';
import { tensor } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { placesOf } from '../../../suites/diagnosis/places.js';
import type { Comparand } from '../../../suites/judging/compared.js';

type Wrong = (b: number, h: number, i: number, x: number) => boolean;

/** Output o [b, h, m, e] of which the elements that are named are wrong. */
function output([b, h, m, e]: readonly [number, number, number, number], wrong: Wrong): Comparand {
  const size = b * h * m * e;
  const data = new Float32Array(size);
  let at = 0;
  for (let x = 0; x < b; x++)
    for (let y = 0; y < h; y++) for (let i = 0; i < m; i++) for (let z = 0; z < e; z++) data[at++] = Number(wrong(x, y, i, z));
  const expected = { shape: [b, h, m, e], value: new Float64Array(size), bound: new Float64Array(size).fill(1e-6) };
  return { output: 'o', class: 'value', actual: tensor('f32', [b, h, m, e], data), expected, flushToZero: false };
}

function said(shape: readonly [number, number, number, number], wrong: Wrong): string | undefined {
  const [b, h, m, e] = shape;
  const c: Case = {
    operator: 'softmax',
    dims: { b, hk: h, g: 1, m, n: m, d: e, e },
    mask: { name: 'full' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 0 },
  };
  return placesOf(output(shape, wrong), c, plainOperator)?.text.replace(/^with .* the wrong elements of o are /, '');
}

describe('the places of wrong elements', () => {
  it.each<[string, Wrong]>([
    ['those of every 16th query (15, 31, 47, …)', (_b, _h, i) => i % 16 === 15],
    ['those of every second query (1, 3, 5, …)', (_b, _h, i) => i % 2 === 1],
    ['those of 16 of every 32 queries (16 to 31, 48 to 63, 80 to 95)', (_b, _h, i) => i % 32 >= 16],
    ['those of the last 36 of 100 queries, from 64 on', (_b, _h, i) => i >= 64],
    ['those of the first 8 of 16 channels', (_b, _h, _i, x) => x < 8],
    ['those of head 2 of 4 and of queries 10 to 19 of 100', (_b, h, i) => h === 2 && i >= 10 && i < 20],
    ['those of batch entry 1 of 2', (b) => b === 1],
    ['those of queries 3, 50 and 51 of 100', (_b, _h, i) => i === 3 || i === 50 || i === 51],
    ['among those of head 3 of 4', (_b, h, i, x) => h === 3 && (i * 7 + x * 3) % 5 > 1],
  ])('are %s', (text, wrong) => expect(said([2, 4, 100, 16], wrong)).toBe(text));

  it.each<[string, Wrong]>([
    ['everywhere', () => true],
    ['nowhere', () => false],
    ['three elements', (b, h, i, x) => b === 0 && h === 1 && i === 7 && x < 3],
    ['queries without an order', (_b, _h, i) => [1, 2, 5, 11, 13, 40, 78].includes(i)],
  ])('are not told: %s', (_, wrong) => expect(said([2, 4, 100, 16], wrong)).toBeUndefined());

  test.prop([fc.integer({ min: 2, max: 40 }), fc.nat(39), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200 })], {
    numRuns: 200,
  })('are every so many queries exactly where they are', (period, at, length, m) => {
    const [first, size] = [at % period, Math.min(length, period - 1)];
    const text = said([1, 2, m, 3], (_b, _h, i) => i >= first && (i - first) % period < size);
    const found = /(?:every (\d+)\w\w|every (second|third)|(\d+) of every (\d+)) quer/.exec(text ?? '');
    if (!found) return;
    const [, nth, word, run, of] = found;
    expect(Number(nth ?? of ?? { second: 2, third: 3 }[word])).toBe(period);
    expect(Number(run ?? 1)).toBe(size);
    expect(text).toContain(`(${size === 1 ? first : `${first} to ${first + size - 1}`}, `);
  });
});
