import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectTranscribed, size, square, transposed } from './transcription.js';

const subjects = fc.array(size(9), { minLength: 1, maxLength: 4 });
const sumOf = (lengths: readonly number[]) => lengths.reduce((a, b) => a + b, 0);

describe('isolation', () => {
  it('is a call for each subject, on the background and itself, and one for the background, on everything', () => {
    expectTranscribed('isolation', (cells, { n }, parameters) => {
      const lengths = (parameters.lengths as unknown as number[]).filter((length) => length > 0);
      const [background, ...own] = lengths;
      for (let i = 0; i < background; i++) cells[i].fill(true);
      let start = background;
      for (const length of own) {
        for (let i = start; i < start + length; i++) {
          cells[i].fill(true, 0, background);
          cells[i].fill(true, start, start + length);
        }
        start += length;
      }
      expect(start).toBe(n);
    });
  });

  it('is full with one subject', () => {
    fc.assert(
      fc.property(size(20), size(20), (background, subject) => {
        expect(square('isolation', background + subject, { lengths: [background, subject] })).toEqual(square('full', background + subject));
        expect(square('isolation', background, { lengths: [background] })).toEqual(square('full', background));
      }),
    );
  });

  it('shows each subject within itself what document shows, and is symmetric', () => {
    fc.assert(
      fc.property(size(9), subjects, (background, lengths) => {
        const n = background + sumOf(lengths);
        const rows = square('isolation', n, { lengths: [background, ...lengths] });
        expect(rows.slice(background).map((row) => row.slice(background))).toEqual(square('document', n - background, { lengths }));
        expect(transposed(rows)).toEqual(rows);
      }),
    );
  });
});
