import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nattenWindow } from './natten.js';
import { expectTranscribed, placeIn, size, square } from './transcription.js';

const windows = fc.record({ windowZ: size(4), windowY: size(4), windowX: size(4), strideZ: size(4), strideY: size(4), strideX: size(4) });

describe('neighborhood-3d', () => {
  it('is NATTEN’s window along each axis', () => {
    expectTranscribed(
      'neighborhood-3d',
      (cells, { n, offset }, { width, height, windowZ, windowY, windowX, strideZ, strideY, strideX }) => {
        const depth = Math.ceil(n / (width * height));
        cells.forEach((row, i) => {
          const line = placeIn(width, i + offset);
          const grid = placeIn(height, line.y);
          const grids = nattenWindow(grid.y, depth, windowZ, strideZ);
          const rows = nattenWindow(grid.x, height, windowY, strideY);
          const columns = nattenWindow(line.x, width, windowX, strideX);
          for (let z = grids.first; z <= grids.last; z++) {
            for (let y = rows.first; y <= rows.last; y++) {
              for (let x = columns.first; x <= columns.last; x++) {
                const key = (z * height + y) * width + x;
                if (key < n) row[key] = true;
              }
            }
          }
        });
      },
    );
  });

  it('shows every query of a whole stack exactly one window', () => {
    fc.assert(
      fc.property(size(4), size(4), size(3), windows, (width, height, depth, drawn) => {
        const keys = Math.min(drawn.windowZ, depth) * Math.min(drawn.windowY, height) * Math.min(drawn.windowX, width);
        for (const row of square('neighborhood-3d', width * height * depth, { width, height, ...drawn })) {
          expect(row.replaceAll('.', '')).toHaveLength(keys);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is full with windows as large as the stack, and the identity with windows of 1', () => {
    fc.assert(
      fc.property(size(4), size(4), size(40), (width, height, n) => {
        const stack = (windowZ: number, windowY: number, windowX: number) =>
          square('neighborhood-3d', n, { width, height, windowZ, windowY, windowX, strideZ: 1, strideY: 1, strideX: 1 });
        expect(stack(Math.ceil(n / (width * height)), height, width)).toEqual(square('full', n));
        expect(stack(1, 1, 1)).toEqual(square('sliding-window', n, { left: 0, right: 0 }));
      }),
    );
  });

  it('is neighborhood-2d in a stack of one grid, and in a stack of rows', () => {
    fc.assert(
      fc.property(size(6), size(40), windows, (width, n, drawn) => {
        const { windowZ, windowY, windowX, strideZ, strideY, strideX } = drawn;
        const height = Math.ceil(n / width);
        expect(square('neighborhood-3d', n, { width, height, ...drawn })).toEqual(
          square('neighborhood-2d', n, { width, windowY, windowX, strideY, strideX }),
        );
        expect(square('neighborhood-3d', n, { width, height: 1, ...drawn })).toEqual(
          square('neighborhood-2d', n, { width, windowY: windowZ, windowX, strideY: strideZ, strideX }),
        );
      }),
    );
  });
});
