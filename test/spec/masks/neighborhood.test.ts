import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nattenWindow } from './natten.js';
import { expectTranscribed, size, square } from './transcription.js';

const drawn = (law: (n: number, window: number, stride: number) => void) =>
  fc.assert(
    fc.property(size(40), size(40), size(40), (n, w, t) => {
      const window = Math.min(w, n);
      law(n, window, Math.min(t, window));
    }),
  );

describe('neighborhood', () => {
  it('is the window around the leader of a group, as in NATTEN', () => {
    expectTranscribed('neighborhood', (cells, { n, offset }, { window, stride }) => {
      cells.forEach((row, i) => {
        const { first, last } = nattenWindow(i + offset, n, window, stride);
        for (let j = first; j <= last; j++) row[j] = true;
      });
    });
  });

  it('shows every query exactly as many keys as the window has, itself among them', () => {
    drawn((n, window, stride) => {
      square('neighborhood', n, { window, stride }).forEach((row, i) => {
        expect(row.replaceAll('.', '')).toHaveLength(window);
        expect(row[i]).toBe('x');
      });
    });
  });

  it('is full where the window is n or more, and the identity where it is 1', () => {
    drawn((n, _window, stride) => {
      for (const window of [n, n + 3]) expect(square('neighborhood', n, { window, stride })).toEqual(square('full', n));
      expect(square('neighborhood', n, { window: 1, stride: 1 })).toEqual(square('sliding-window', n, { left: 0, right: 0 }));
    });
  });

  it('is made of blocks where the stride is the window', () => {
    fc.assert(
      fc.property(size(8), size(5), (window, count) => {
        const lengths = new Array<number>(count).fill(window);
        expect(square('neighborhood', window * count, { window, stride: window })).toEqual(square('document', window * count, { lengths }));
      }),
    );
  });

  it('with stride 1 shows what lies within half a window, and as much at the ends', () => {
    drawn((n, window) => {
      const half = Math.floor(window / 2);
      square('neighborhood', n, { window, stride: 1 }).forEach((row, i) => {
        const first = i < half ? 0 : i + window - half > n ? n - window : i - half;
        expect(row.indexOf('x')).toBe(first);
        for (let j = 0; j < n; j++) {
          if (window % 2 === 1 && i >= half && i + half < n) expect(row[j] === 'x').toBe(Math.abs(i - j) <= half);
        }
      });
    });
  });
});
