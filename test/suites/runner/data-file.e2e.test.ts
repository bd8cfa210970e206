import { describe, expect, it } from 'vitest';
import { contiguous, transpose, valuesOf } from '../../../spec/tensor/tensor.js';
import { DataFile, readerOf } from '../../../suites/runner/host/data-file.js';
import { type FrameData, FrameReader, frameOf, LARGE_DATA } from '../../../suites/runner/host/frames.js';
import { readFromHost } from '../../../suites/runner/host/from-host.js';
import { unpack } from '../../../suites/runner/host/wire.js';

/** A file of float32 numbers 0, 1, … after some other bytes, and a tensor of them. */
function inFile(rows: number, width: number, offset = 8) {
  const file = new DataFile();
  file.append(new Uint8Array(offset));
  file.append(new Uint8Array(Float32Array.from({ length: rows * width }, (_, x) => x).buffer));
  const { o } = unpack({ o: { dtype: 'f32', shape: [1, 1, rows, width], offset } }, readerOf(file.descriptor));
  return { file, o };
}

describe('outputs in a file', () => {
  it('are read some at a time, and whole where they are seen in another order', () => {
    const { file, o } = inFile(2 ** 12, 1025);
    const part = new Float32Array(3);
    o.read?.(4097, part);
    expect([...part]).toEqual([4097, 4098, 4099]);
    expect(contiguous(o)).toBe(o);
    const turned = contiguous(transpose(o, [0, 1, 3, 2]));
    expect([turned.read, turned.data[1], turned.data[2 ** 12]]).toEqual([undefined, 1025, 1]);
    expect(valuesOf(o)[2 ** 22]).toBe(2 ** 22);
    file.close();
  });

  it('are in memory where they are few', () => {
    const { file, o } = inFile(2, 3);
    file.close();
    expect([o.read, ...o.data]).toEqual([undefined, 0, 1, 2, 3, 4, 5]);
  });

  it('that end too early are an error', () => {
    const { file } = inFile(2, 3);
    expect(() => unpack({ o: { dtype: 'f32', shape: [1, 1, 3, 3], offset: 8 } }, readerOf(file.descriptor))).toThrow(/ends at byte 32/);
    file.close();
  });

  it('stay until all who keep them have closed them', () => {
    const { file } = inFile(1, 1);
    file.keep().close();
    expect(file.takeAll().length).toBe(12);
    expect(() => readerOf(file.descriptor)(new Uint8Array(1), 0)).toThrow();
  });

  it('come from messages with large data; the next message is read as before', () => {
    const frames: [unknown, FrameData][] = [];
    const problems: string[] = [];
    const reader = new FrameReader<FrameData>(
      (message, data) => frames.push([message, data]),
      (problem) => problems.push(problem),
      () => new DataFile(),
    );
    const large = new Uint8Array(LARGE_DATA);
    large[LARGE_DATA - 1] = 9;
    const replies = [{ calls: [{ o: { dtype: 'u8', shape: [LARGE_DATA], offset: 0 } }] }];
    const bytes = Buffer.concat([...frameOf({ type: 'replies', batch: 1, replies }, large), ...frameOf({ n: 2 }, new Uint8Array([5]))]);
    for (let at = 0; at < bytes.length; at += 40_000_001) reader.add(bytes.subarray(at, at + 40_000_001));
    expect(problems).toEqual([]);
    expect(frames.map(([, data]) => data.constructor.name)).toEqual(['DataFile', 'Uint8Array']);
    const file = frames[0][1] as DataFile;
    expect(file.length).toBe(LARGE_DATA);
    const last = new Uint8Array(1);
    readerOf(file.descriptor)(last, LARGE_DATA - 1);
    expect(last[0]).toBe(9);
    expect(readFromHost(frames[0][0], file)).toMatchObject({ type: 'replies', replies });
    const beyond = [{ calls: [{ o: { dtype: 'u8', shape: [LARGE_DATA + 1], offset: 0 } }] }];
    expect(() => readFromHost({ type: 'replies', batch: 1, replies: beyond }, file)).toThrow(/a tensor of shape/);
    file.close();
  });
});
