import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader, longestLine } from '../../../adapters/system/line-reader.js';

describe('lines', () => {
  it('come whole, however they were cut, and the rest is kept', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.string(),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        (words, rest, cuts) => {
          const clean = (text: string) => text.replaceAll('\n', ' ');
          const lines: string[] = [];
          const stream = new PassThrough();
          const reader = new LineReader(stream, (line) => lines.push(line), expect.unreachable);
          const bytes = Buffer.from(words.map((word) => `${clean(word)}\n`).join('') + clean(rest));
          for (let at = 0; at < bytes.length; ) {
            const size = cuts.next().value as number;
            stream.emit('data', bytes.subarray(at, at + size));
            at += size;
          }
          expect(lines).toEqual(words.map(clean));
          expect(reader.rest()).toBe(clean(rest));
        },
      ),
    );
  });

  it('that are too long are told of once; none comes after them', () => {
    const lines: string[] = [];
    const beginnings: string[] = [];
    const stream = new PassThrough();
    new LineReader(
      stream,
      (line) => lines.push(line),
      (beginning) => beginnings.push(beginning),
    );
    stream.emit('data', Buffer.from(`${'a'.repeat(longestLine)}\n`));
    stream.emit('data', Buffer.alloc(longestLine, 'b'));
    stream.emit('data', Buffer.from('bb\nlater\n'));
    expect(lines.map((line) => line.length)).toEqual([longestLine]);
    expect(beginnings).toEqual(['b'.repeat(1000)]);
  });
});
