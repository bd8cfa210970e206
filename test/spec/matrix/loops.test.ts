import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../spec/lib/hash.js';
import { type MatrixLoops, matrixLoops } from '../../../spec/matrix/loops.js';
import { packColumns, packRows, padded } from '../../../spec/matrix/pack.js';

const loops = matrixLoops() as MatrixLoops;

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 13 }),
  columns: fc.integer({ min: 1, max: 13 }),
  terms: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(),
  /** How often an element is a NaN or an infinity, per thousand. */
  special: fc.constantFrom(0, 0, 30),
});

function matrix(length: number, seed: number, special: number): Float64Array {
  return Float64Array.from({ length }, (_, at) => {
    const draw = hashOf(seed, at);
    if (draw % 1000 < special) return [NaN, Infinity, -Infinity][draw % 3];
    return (draw / 2 ** 31 - 1) * 2 ** ((draw % 21) - 10);
  });
}

/** Same NaN and infinities; else within the roundings of a sum whose terms have these magnitudes. */
function near(actual: number, expected: number, magnitude: number, terms: number): void {
  if (!Number.isFinite(expected)) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual((terms + 4) * 2 ** -52 * magnitude);
}

describe('the loops over blocks of matrices', () => {
  it('run here', () => expect(matrixLoops()).toBeDefined());

  test.prop([shapes, fc.boolean()], { numRuns: 300 })(
    'compute what plain loops do',
    ({ rows, columns, terms, seed, special }, transposed) => {
      const a = matrix(rows * terms, seed, special);
      const b = matrix(columns * terms, seed + 1, special);
      const mean = matrix(rows * columns, seed + 2, special);
      const before = matrix(rows * columns, seed + 3, 0);
      const [height, width] = [padded(rows), padded(columns)];
      // rows of a beyond its own are 0, and so are columns of b
      const at = { a: 0, b: height * terms, mean: height * terms + width * terms, c: height * terms + width * terms + height * width };
      loops.reserve(at.c + height * width);
      for (const [name, run] of [
        ['multiply', (x: number, y: number) => x * y],
        ['multiplyAbsolute', (x: number, y: number) => x * Math.abs(y)],
        ['spread', (x: number, y: number, z: number) => x * Math.abs(y - z)],
      ] as const) {
        const { numbers } = loops;
        numbers.fill(0, 0, at.c + height * width);
        const [row, term] = transposed && name !== 'spread' ? [1, height] : [terms, 1];
        for (let i = 0; i < rows; i++) {
          for (let k = 0; k < terms; k++) numbers[at.a + i * row + k * term] = a[i * terms + k];
          for (let j = 0; j < columns; j++) {
            numbers[at.mean + i * width + j] = mean[i * columns + j];
            numbers[at.c + i * width + j] = before[i * columns + j];
          }
        }
        // b is columns × terms: its panels are rows of the transposed matrix
        packRows(numbers, at.b, b, 0, columns, terms, width);
        const size = { rows: height, columns: width, terms };
        const panels = { at: at.b, panel: 4 * terms };
        const c = { at: at.c, row: width };
        if (name === 'spread') loops.spread(size, { at: at.a, row }, panels, at.mean, c);
        else loops[name](size, { at: at.a, row, term }, panels, c);
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            let expected = before[i * columns + j];
            let magnitude = Math.abs(expected);
            for (let k = 0; k < terms; k++) {
              const product = run(a[i * terms + k], b[j * terms + k], mean[i * columns + j]);
              expected += product;
              magnitude += Math.abs(product);
            }
            near(numbers[at.c + i * width + j], expected, magnitude, terms);
          }
        }
      }
    },
  );

  test.prop([shapes])('read columns as they read rows of the transposed matrix', ({ rows, columns, seed }) => {
    const data = matrix(rows * columns, seed, 0);
    const transposed = Float64Array.from({ length: rows * columns }, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)]);
    const [byColumns, byRows] = [0, 1].map(() => new Float64Array(padded(columns) * rows).fill(7));
    packColumns(byColumns, 0, data, 0, rows, columns, rows);
    packRows(byRows, 0, transposed, 0, columns, rows, padded(columns));
    expect(byColumns).toEqual(byRows);
  });

  it('keep their numbers when they make room', () => {
    loops.numbers[5] = 3;
    loops.reserve(loops.numbers.length + 1);
    expect(loops.numbers[5]).toBe(3);
  });
});
