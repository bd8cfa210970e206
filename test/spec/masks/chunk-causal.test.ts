import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectTranscribed, size, square } from './transcription.js';

describe('chunk-causal', () => {
  it('is a causal call for each chunk', () => {
    expectTranscribed('chunk-causal', (cells, { m, n, offset }, { chunk }) => {
      for (let start = -chunk * Math.ceil(m / chunk); start < n + m; start += chunk) {
        for (let position = start; position < start + chunk; position++) {
          const row = cells[position - offset];
          if (row) for (let j = Math.max(0, start); j <= Math.min(n - 1, position); j++) row[j] = true;
        }
      }
    });
  });

  it('is made of causal documents, and causal with one chunk', () => {
    fc.assert(
      fc.property(size(40), size(12), (n, chunk) => {
        const lengths = Array.from({ length: Math.ceil(n / chunk) }, (_, c) => Math.min(chunk, n - c * chunk));
        expect(square('chunk-causal', n, { chunk })).toEqual(square('document-causal', n, { lengths }));
        expect(square('chunk-causal', n, { chunk: n })).toEqual(square('causal', n));
      }),
    );
  });
});
