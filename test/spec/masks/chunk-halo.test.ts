import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectTranscribed, size, square } from './transcription.js';

describe('chunk-halo', () => {
  it('is a call for each chunk, on its keys and those around it', () => {
    expectTranscribed('chunk-halo', (cells, { m, n, offset }, { chunk, halo }) => {
      const first = -chunk * Math.ceil(m / chunk);
      for (let start = first; start < n + m; start += chunk) {
        for (let position = start; position < start + chunk; position++) {
          const row = cells[position - offset];
          if (row) for (let j = Math.max(0, start - halo); j < Math.min(n, start + chunk + halo); j++) row[j] = true;
        }
      }
    });
  });

  it('is made of blocks without a halo', () => {
    fc.assert(
      fc.property(size(40), size(12), (n, chunk) => {
        const lengths = Array.from({ length: Math.ceil(n / chunk) }, (_, c) => Math.min(chunk, n - c * chunk));
        expect(square('chunk-halo', n, { chunk, halo: 0 })).toEqual(square('document', n, { lengths }));
      }),
    );
  });

  it('is full with a halo of n, or one chunk', () => {
    fc.assert(
      fc.property(size(40), size(12), (n, x) => {
        expect(square('chunk-halo', n, { chunk: x, halo: n })).toEqual(square('full', n));
        expect(square('chunk-halo', n, { chunk: n, halo: x })).toEqual(square('full', n));
      }),
    );
  });

  it('is a window of the halo on both sides with chunks of one token', () => {
    fc.assert(
      fc.property(size(40), fc.nat(12), (n, halo) => {
        expect(square('chunk-halo', n, { chunk: 1, halo })).toEqual(square('sliding-window', n, { left: halo, right: halo }));
      }),
    );
  });
});
