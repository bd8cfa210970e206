import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectTranscribed, placeIn, size, square, transposed } from './transcription.js';

describe('cells', () => {
  it('is a table of cells: those of a row of cells see each other, and those of a column', () => {
    expectTranscribed('cells', (cells, { n, offset }, { width, cell }) => {
      /** Row and column of the cell that a token lies in. */
      const cellOf = (token: number) => {
        const { y, x } = placeIn(width, token);
        return [placeIn(cell, y).y, placeIn(cell, x).y];
      };
      cells.forEach((row, i) => {
        const [rowOfCells, columnOfCells] = cellOf(i + offset);
        for (let j = 0; j < n; j++) {
          const key = cellOf(j);
          row[j] = key[0] === rowOfCells || key[1] === columnOfCells;
        }
      });
    });
  });

  it('is full with one cell, and in a grid of one row or one column', () => {
    fc.assert(
      fc.property(size(40), size(8), size(8), (n, width, cell) => {
        const full = square('full', n);
        expect(square('cells', n, { width, cell: Math.max(width, Math.ceil(n / width)) })).toEqual(full);
        expect(square('cells', n, { width: n, cell })).toEqual(full);
        expect(square('cells', n, { width: 1, cell })).toEqual(full);
      }),
    );
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(size(40), size(8), size(8), (n, width, cell) => {
        const rows = square('cells', n, { width, cell });
        expect(transposed(rows)).toEqual(rows);
      }),
    );
  });

  it('shows as many keys as a row and a column of cells have, where the cells fill the grid', () => {
    fc.assert(
      fc.property(size(3), size(3), size(3), (cell, across, down) => {
        const width = cell * across;
        for (const row of square('cells', width * cell * down, { width, cell }))
          expect(row.replaceAll('.', '')).toHaveLength(cell * cell * (across + down - 1));
      }),
    );
  });
});
