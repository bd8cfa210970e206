import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectTranscribed, size, square } from './transcription.js';

describe('sink-tokens', () => {
  it('is what is left of a cache that keeps its first tokens and drops the oldest of the others', () => {
    expectTranscribed('sink-tokens', (cells, { n, offset }, { sinks, recent }) => {
      for (const [i, row] of cells.entries()) {
        const kept: number[] = [];
        for (let token = 0; token <= Math.min(n - 1, i + offset); token++) kept.push(token);
        const first = kept.filter((token) => token < sinks);
        const last = kept.filter((token) => token > i + offset - recent);
        for (const token of [...first, ...last]) row[token] = true;
      }
    });
  });

  it('is causal with sinks or a window of n, and a window without sinks', () => {
    fc.assert(
      fc.property(size(40), size(12), (n, x) => {
        expect(square('sink-tokens', n, { sinks: n, recent: x })).toEqual(square('causal', n));
        expect(square('sink-tokens', n, { sinks: x, recent: n })).toEqual(square('causal', n));
        expect(square('sink-tokens', n, { sinks: 0, recent: x })).toEqual(square('sliding-window', n, { left: x - 1, right: 0 }));
      }),
    );
  });
});
