import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectTranscribed, size, square, squareOfHead } from './transcription.js';

/** Pairs of blocks that causal shows and none of the heads. */
function uncovered(heads: number, blocks: number, parameters: Record<string, number>): number {
  const seen = Array.from({ length: heads }, (_, h) =>
    squareOfHead(h, { name: 'strided-blocks', parameters: { block: 1, ...parameters } }, blocks),
  );
  let count = 0;
  for (let i = 0; i < blocks; i++) for (let j = 0; j <= i; j++) if (seen.every((rows) => rows[i][j] === '.')) count++;
  return count;
}

describe('strided-blocks', () => {
  it('is a table of blocks for each head, cut by causality', () => {
    expectTranscribed('strided-blocks', (cells, { m, n, offset }, { block, local, vertical, step }, head) => {
      const blocks = Math.ceil(Math.max(n, m + Math.abs(offset)) / block);
      const table = Array.from({ length: blocks }, () => new Array<boolean>(blocks).fill(false));
      for (let q = 0; q < blocks; q++) {
        for (let k = Math.max(0, q - local + 1); k <= q; k++) table[q][k] = true;
        // the vertical blocks of the head: each head's lie `step` before those of the last one
        let first = 0;
        for (let h = 0; h < head; h++) first -= step;
        while (first < 0) first += vertical;
        first %= vertical;
        for (let k = first; k <= q; k += vertical) table[q][k] = true;
      }
      cells.forEach((row, i) => {
        for (let j = 0; j < n && j <= i + offset; j++) row[j] = table[Math.floor((i + offset) / block)][Math.floor(j / block)];
      });
    });
  });

  it('is causal where every block is vertical, or all are local', () => {
    fc.assert(
      fc.property(size(40), size(8), size(6), fc.nat(4), (n, block, x, step) => {
        expect(square('strided-blocks', n, { block, local: x, vertical: 1, step })).toEqual(square('causal', n));
        expect(square('strided-blocks', n, { block, local: Math.ceil(n / block), vertical: x, step })).toEqual(square('causal', n));
      }),
    );
  });

  it('shows each block to some head if the heads choose every place, and else hides some', () => {
    fc.assert(
      fc.property(size(6), size(6), fc.nat(4), (heads, vertical, step) => {
        const chosen = new Set(Array.from({ length: heads }, (_, h) => (h * step) % vertical));
        expect(uncovered(heads, 3 * vertical, { local: 1, vertical, step }) === 0).toBe(chosen.size === vertical);
        if (step === 1) expect(chosen.size === vertical).toBe(heads * step >= vertical);
      }),
    );
  });

  it('leaves 12 of 36 pairs of blocks to no head with two heads that choose every fourth block', () => {
    expect(uncovered(2, 8, { local: 1, vertical: 4, step: 2 })).toBe(12);
  });

  it('is the same in all heads with step 0', () => {
    const mask = { name: 'strided-blocks', parameters: { block: 2, local: 1, vertical: 3, step: 0 } };
    expect(squareOfHead(3, mask, 17)).toEqual(squareOfHead(0, mask, 17));
  });
});
