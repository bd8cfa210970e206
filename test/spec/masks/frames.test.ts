import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileByName } from '../mask/library.js';
import { expectTranscribed, size, square, transposed } from './transcription.js';

describe('frames', () => {
  it('is a union of rectangles: each frame with itself, and with each reference frame, both ways', () => {
    expectTranscribed('frames', (cells, { m, n, offset }, { frame, every }) => {
      const first = -Math.ceil(m / frame);
      const last = Math.ceil((n + m) / frame);
      const rectangle = (queries: number, keys: number) => {
        for (let position = queries * frame; position < (queries + 1) * frame; position++) {
          const row = cells[position - offset];
          if (row) for (let j = Math.max(0, keys * frame); j < Math.min(n, (keys + 1) * frame); j++) row[j] = true;
        }
      };
      const references: number[] = [];
      if (every > 0) {
        for (let at = 0; at <= last; at += every) references.push(at);
        for (let at = -every; at >= first; at -= every) references.push(at);
      }
      for (let at = first; at <= last; at++) {
        rectangle(at, at);
        for (const reference of references) {
          rectangle(at, reference);
          rectangle(reference, at);
        }
      }
    });
  });

  it('is full where every frame is a reference, and made of blocks where none is', () => {
    fc.assert(
      fc.property(size(40), size(12), (n, frame) => {
        const lengths = Array.from({ length: Math.ceil(n / frame) }, (_, f) => Math.min(frame, n - f * frame));
        expect(square('frames', n, { frame, every: 1 })).toEqual(square('full', n));
        expect(square('frames', n, { frame, every: 0 })).toEqual(square('document', n, { lengths }));
      }),
    );
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(size(40), size(12), fc.nat(6), (n, frame, every) => {
        const rows = square('frames', n, { frame, every });
        expect(transposed(rows)).toEqual(rows);
      }),
    );
  });

  it('has an area that is linear in the frames, for a number of reference frames', () => {
    fc.assert(
      fc.property(size(6), size(8), size(8), (frame, count, every) => {
        const n = frame * count;
        const references = Math.ceil(count / every);
        const pairs = 2 * references * count - references * references + count - references;
        expect(compileByName('frames', { frame, every }, { m: n, n }).area()).toBe(frame * frame * pairs);
      }),
    );
  });
});
