import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nattenWindow } from './natten.js';
import { expectTranscribed, placeIn, size, square } from './transcription.js';

const windows = fc.record({ windowY: size(8), windowX: size(8), strideY: size(8), strideX: size(8) }).map((w) => ({
  ...w,
  strideY: Math.min(w.strideY, w.windowY),
  strideX: Math.min(w.strideX, w.windowX),
}));

describe('neighborhood-2d', () => {
  it('is NATTEN’s window along each axis', () => {
    expectTranscribed('neighborhood-2d', (cells, { n, offset }, { width, windowY, windowX, strideY, strideX }) => {
      const height = Math.ceil(n / width);
      cells.forEach((row, i) => {
        const query = placeIn(width, i + offset);
        const rows = nattenWindow(query.y, height, windowY, strideY);
        const columns = nattenWindow(query.x, width, windowX, strideX);
        for (let y = rows.first; y <= rows.last; y++) {
          for (let x = columns.first; x <= columns.last; x++) if (y * width + x < n) row[y * width + x] = true;
        }
      });
    });
  });

  it('shows every query of a whole grid exactly one window, itself in it', () => {
    fc.assert(
      fc.property(size(7), size(7), windows, (width, height, drawn) => {
        const keys = Math.min(drawn.windowY, height) * Math.min(drawn.windowX, width);
        square('neighborhood-2d', width * height, { width, ...drawn }).forEach((row, i) => {
          expect(row.replaceAll('.', '')).toHaveLength(keys);
          if (drawn.windowY <= height && drawn.windowX <= width) expect(row[i]).toBe('x');
        });
      }),
    );
  });

  it('is full with windows as large as the grid, and the identity with windows of 1', () => {
    fc.assert(
      fc.property(size(7), size(40), (width, n) => {
        const height = Math.ceil(n / width);
        const grid = (windowY: number, windowX: number) =>
          square('neighborhood-2d', n, { width, windowY, windowX, strideY: 1, strideX: 1 });
        expect(grid(height, width)).toEqual(square('full', n));
        expect(grid(1, 1)).toEqual(square('sliding-window', n, { left: 0, right: 0 }));
      }),
    );
  });

  it('is neighborhood in a grid of one row or one column', () => {
    fc.assert(
      fc.property(size(40), windows, (n, drawn) => {
        const { windowY, windowX, strideY, strideX } = drawn;
        expect(square('neighborhood-2d', n, { width: n, ...drawn })).toEqual(
          square('neighborhood', n, { window: windowX, stride: strideX }),
        );
        expect(square('neighborhood-2d', n, { width: 1, ...drawn })).toEqual(
          square('neighborhood', n, { window: windowY, stride: strideY }),
        );
      }),
    );
  });
});
