import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorLevel, maskLevel } from '../../../reports/html/picture-levels.js';
import { errorPicture } from '../../../reports/html/pictures/error-picture.js';
import { drawGrid, most } from '../../../reports/html/pictures/grid.js';
import { maskPicture, picturesOf } from '../../../reports/html/pictures/pictures.js';
import { readoutPicture } from '../../../reports/html/pictures/readout-picture.js';
import { tensorOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { check, minimalCase } from '../made-up.js';

const causal: Case = {
  ...minimalCase,
  dims: { b: 1, hk: 1, g: 2, m: 2, n: 3, d: 1, e: 2 },
  mask: { name: 'causal' },
  dialect: {},
};

describe('pictures of a failure', () => {
  it('show the mask as the specification has it, by dialect', () => {
    expect(maskPicture(causal, 0, 0)).toMatchObject({ rows: 2, columns: 3, cells: '440444' });
    expect(maskPicture({ ...causal, dialect: { causal: 'top-left' } }, 0, 1)?.cells).toBe('400440');
    expect(maskPicture({ ...causal, mask: { name: 'of-a-stranger' } }, 0, 0)).toBeUndefined();
    expect(maskPicture(causal, 0, 2)).toBeUndefined();
  });

  it('show it as it was read out, call by call, and nothing where a key was not read', () => {
    // column x of V is 1 at key x in the first call; the second reads key 2 alone
    const inputs = { '0.v': tensorOf('f32', [1, 1, 3, 2], [1, 0, 0, 1, 0, 0]), '1.v': tensorOf('f32', [1, 1, 3, 2], [0, 0, 0, 0, 1, 0]) };
    const o = (head: number[]) => tensorOf('f32', [1, 2, 2, 2], [0, 0, 0, 0, ...head]);
    expect(readoutPicture(causal, inputs, { '0.o': o([0.5, 0.5, 0, 1]), '1.o': o([0, 0, 0.5, 0]) }, 0, 1)?.cells).toBe('440044');
    expect(readoutPicture(causal, inputs, { '0.o': o([0.5, 0.5, 0, 1]) }, 0, 1)?.cells).toBe('44 04 ');
    expect(readoutPicture(causal, {}, { '0.o': o([1, 1, 1, 1]) }, 0, 1)).toBeUndefined();
  });

  it('show where an output is off, in whatever layout it came', () => {
    const of = (values: number[]) => tensorOf('f64', [1, 2, 2, 2], [0, 0, 0, 0, ...values]);
    const answer = { expected: { o: of([1, 2, 3, 4]) }, actual: { o: of([1, 2.05, 5, Number.NaN]) }, bound: { o: of([1, 1, 1, 1]) } };
    expect(errorPicture(causal, answer, 'o', 0, 1)).toMatchObject({ rows: 2, columns: 2, cells: '014N' });
    const swapped = tensorOf('f64', [1, 2, 2, 2], [0, 0, 1, 2.05, 0, 0, 5, Number.NaN]);
    expect(errorPicture({ ...causal, layout: 'blhd' }, { ...answer, actual: { o: swapped } }, 'o', 0, 1)?.cells).toBe('014N');
    expect(errorPicture(causal, { ...answer, actual: { o: tensorOf('f64', [1, 2, 2, 1], [0, 0, 0, 0]) } }, 'o', 0, 1)).toBeUndefined();
  });

  it('of several calls show the one that is furthest off', () => {
    const of = (value: number) => tensorOf('f64', [1, 1, 1, 1], [value]);
    const calls = (values: number[]) => Object.fromEntries(values.map((value, i) => [`${i}.o`, of(value)]));
    const picture = errorPicture(causal, { expected: calls([1, 1, 1]), actual: calls([1, 50, 2]), bound: calls([1, 1, 1]) }, 'o', 0, 0);
    expect(picture).toMatchObject({ cells: '5', title: 'Error ÷ bound of 1.o, batch entry 0, head 0' });
  });

  it('are those of the head of the worst element; packed sequences have none', () => {
    const bad = check('mine', 'softmax/causal/oracle/f32', {});
    const failure = { case: causal, output: 'dk', index: [0, 0, 0, 0], reproduced: 5 };
    expect(picturesOf(bad, failure, {}, undefined).map((p) => p.title)).toEqual(['Mask expected: causal']);
    expect(picturesOf(bad, { ...failure, case: { ...causal, layout: 'thd' } }, {}, undefined)).toEqual([]);
  });

  it('grow smaller without losing a cell', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 150 }), (rows, columns) => {
        let cells = 0;
        const drawn = drawGrid(rows, columns, (top, bottom, left, right) => {
          expect(bottom > top && right > left).toBe(true);
          cells += (bottom - top) * (right - left);
          return 'x';
        });
        expect(cells).toBe(rows * columns);
        expect(drawn.cells).toHaveLength(drawn.rows * drawn.columns);
        expect(Math.max(drawn.rows, drawn.columns)).toBeLessThanOrEqual(most);
      }),
      { numRuns: 30 },
    );
  });

  it('have levels that say only nothing is nothing, and only everything everything', () => {
    expect([0, 1e-9, 0.5, 1 - 1e-9, 1].map(maskLevel)).toEqual(['0', '1', '2', '3', '4']);
    expect([0, 0.1, 1, 1.0001, 1e9, Number.POSITIVE_INFINITY, Number.NaN].map(errorLevel)).toEqual(['0', '1', '3', '4', '8', '8', 'N']);
  });
});
