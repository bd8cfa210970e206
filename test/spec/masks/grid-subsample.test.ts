import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectTranscribed, size, square } from './transcription.js';

const methods = ['nearest', 'nearest-exact'] as const;

/** Places of an axis that are left, as interpolate of PyTorch picks them for each place of the smaller one. */
function leftOf(length: number, factor: number, method: string): number[] {
  const smaller = Math.max(1, Math.floor(length / factor));
  return Array.from({ length: smaller }, (_, place) =>
    Math.min(length - 1, Math.floor(((method === 'nearest' ? place : place + 0.5) * length) / smaller)),
  );
}

describe('grid-subsample', () => {
  it('shows the keys that are gathered for the smaller grid', () => {
    expectTranscribed('grid-subsample', (cells, { n }, { width, factor, method }) => {
      const height = Math.ceil(n / width);
      for (const y of leftOf(height, factor, String(method))) {
        for (const x of leftOf(width, factor, String(method))) {
          if (y * width + x < n) for (const row of cells) row[y * width + x] = true;
        }
      }
    });
  });

  it('is full with factor 1', () => {
    fc.assert(
      fc.property(size(40), size(12), fc.constantFrom(...methods), (n, width, method) => {
        expect(square('grid-subsample', n, { width, factor: 1, method })).toEqual(square('full', n));
      }),
    );
  });

  it('leaves one key of each square whose side is the factor: its first, or the one in its middle', () => {
    fc.assert(
      fc.property(size(4), size(4), size(4), fc.constantFrom(...methods), (factor, across, down, method) => {
        const width = across * factor;
        const n = width * down * factor;
        const at = method === 'nearest' ? 0 : Math.floor(factor / 2);
        const expected = Array.from({ length: n }, (_, j) =>
          Math.floor(j / width) % factor === at && (j % width) % factor === at ? 'x' : '.',
        ).join('');
        for (const row of square('grid-subsample', n, { width, factor, method })) expect(row).toBe(expected);
      }),
    );
  });

  it('leaves one key with a factor larger than the grid', () => {
    expect(square('grid-subsample', 9, { width: 3, factor: 9, method: 'nearest-exact' })[0]).toBe('....x....');
    expect(square('grid-subsample', 9, { width: 3, factor: 9, method: 'nearest' })[0]).toBe('x........');
  });
});
