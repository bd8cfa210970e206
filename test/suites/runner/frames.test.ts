import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, frameOf } from '../../../suites/runner/host/frames.js';

/** Reads bytes that arrive in pieces of these sizes. Returns the messages with their data, and the problems that the reader reports. */
function read(bytes: Uint8Array, sizes: readonly number[]) {
  const frames: (readonly [unknown, Uint8Array])[] = [];
  const problems: string[] = [];
  const reader = new FrameReader(
    (message, data) => frames.push([message, data]),
    (problem) => problems.push(problem),
  );
  for (let [at, x] = [0, 0]; at < bytes.length; x++) {
    const size = sizes[x % sizes.length];
    reader.add(bytes.subarray(at, at + size));
    at += size;
  }
  return { frames, problems };
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
const head = (text: number, data: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(text, 0);
  bytes.writeUInt32LE(data, 4);
  return bytes;
};

describe('frames', () => {
  it('come out as they went in, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.uint8Array())), sizes, (sent, cuts) => {
        const bytes = Buffer.concat(sent.flatMap(([message, data]) => frameOf(message, data)));
        const { frames, problems } = read(bytes, cuts);
        expect(problems).toEqual([]);
        expect(frames).toEqual(sent.map(([message, data]) => [JSON.parse(JSON.stringify(message)), new Uint8Array(data)]));
      }),
    );
  });

  it('of any bytes are messages, or told once to be none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), fc.nat(20), sizes, (bytes, text, data, cuts) => {
        for (const all of [bytes, Buffer.concat([head(text, data), bytes])]) expect(read(all, cuts).problems.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('of four gigabytes of text are refused by their announcement; those of data take memory as they arrive', () => {
    expect(read(head(4e9, 0), [8]).problems).toEqual([expect.stringMatching(/announces 4000000000 bytes of text/)]);
    const before = process.memoryUsage().arrayBuffers;
    expect(read(Buffer.concat([head(2, 4e9), Buffer.from('{}abc')]), [8])).toEqual({ frames: [], problems: [] });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});
