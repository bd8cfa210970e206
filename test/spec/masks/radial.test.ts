import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectTranscribed, placeIn, size, square, transposed } from './transcription.js';

/** As Python's int.bit_length. */
function bitLength(x: number): number {
  let bits = 0;
  for (let rest = x; rest > 0; rest = Math.floor(rest / 2)) bits++;
  return bits;
}

const parameters = fc.record({ frame: size(20), least: size(20), factor: fc.constantFrom(0, 0.25, 0.5, 1), sinks: fc.constant(0) });

describe('radial', () => {
  it('is the mask of each pair of frames, as attn_mask.py makes it, before it is shrunk to blocks', () => {
    expectTranscribed('radial', (cells, { n, offset }, { frame, least, factor, sinks }) => {
      /** get_window_width */
      const widthOf = (distance: number) => {
        if (distance <= 1) return frame;
        return Math.max((2 ** bitLength(frame) / 2 ** bitLength(distance)) * factor, least);
      };
      /** get_diagonal_split_mask */
      const isKept = (distance: number) => {
        const decayed = 2 ** bitLength(frame) / 2 ** bitLength(distance);
        if (decayed >= least) return true;
        return distance % Math.trunc(least / decayed) === 0;
      };
      cells.forEach((row, i) => {
        const query = placeIn(frame, i + offset);
        for (let j = 0; j < n; j++) {
          const key = placeIn(frame, j);
          const distance = Math.abs(query.y - key.y);
          row[j] = key.y < sinks || (Math.abs(query.x - key.x) <= widthOf(distance) && isKept(distance));
        }
      });
    });
  });

  it('is symmetric without sinks', () => {
    fc.assert(
      fc.property(size(60), parameters, (n, drawn) => {
        const rows = square('radial', n, drawn);
        expect(transposed(rows)).toEqual(rows);
      }),
    );
  });

  it('is full for up to two frames that are no shorter than the least width', () => {
    fc.assert(
      fc.property(size(2), parameters, (count, drawn) => {
        const least = Math.min(drawn.least, drawn.frame);
        const n = count * drawn.frame;
        expect(square('radial', n, { ...drawn, least })).toEqual(square('full', n));
      }),
    );
  });

  it('narrows with the distance of frames, and then leaves frames out', () => {
    // frames of 4: a diagonal of 2 on either side for the frames 2 and 3 away, of 1 from there on
    const [first] = square('radial', 4 * 9, { frame: 4, least: 1, factor: 1, sinks: 0 });
    expect(first.match(/.{4}/g)).toEqual(['xxxx', 'xxxx', 'xxx.', 'xxx.', 'xx..', 'xx..', 'xx..', 'xx..', 'xx..']);
    // 8 away the diagonal would be half a token: every second frame is left
    const [thinned] = square('radial', 4 * 11, { frame: 4, least: 1, factor: 1, sinks: 0 });
    expect(thinned.match(/.{4}/g)?.slice(7)).toEqual(['xx..', 'xx..', '....', 'xx..']);
  });

  it('shows the keys of the sinks to all', () => {
    for (const row of square('radial', 44, { frame: 4, least: 4, factor: 0, sinks: 2 })) expect(row.slice(0, 8)).toBe('xxxxxxxx');
  });
});
