import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DocumentError } from '../../../spec/lib/documents.js';
import { contiguousData, tensor, transpose } from '../../../spec/tensor/tensor.js';
import { errorRecord, TensorPacker, unpack } from '../../../suites/runner/host/wire.js';

describe('tensors on their way from host to judge', () => {
  test('come out as they went in, contiguous', () => {
    const packer = new TensorPacker();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('f64', 'f32', 'f16', 'bool'), fc.nat(5), fc.nat(5)), { maxLength: 5 }),
        fc.infiniteStream(fc.nat(255)),
        (list, bytes) => {
          const tensors = list.map(([dtype, rows, columns], i) => {
            const t = tensor(dtype as 'f32', [rows, columns]);
            for (let at = 0; at < t.data.length; at++) t.data[at] = bytes.next().value;
            return i % 2 ? transpose(t, [1, 0]) : t;
          });
          const records = Object.fromEntries(tensors.map((t, i) => [`t${i}`, packer.add(t)]));
          const data = new Uint8Array(packer.take()).buffer;
          expect(unpack(records, data)).toEqual(
            Object.fromEntries(tensors.map((t, i) => [`t${i}`, tensor(t.dtype, t.shape, contiguousData(t))])),
          );
        },
      ),
    );
  });

  test('a packer that is empty again starts anew', () => {
    const packer = new TensorPacker();
    packer.add(tensor('f32', [100_000]));
    expect(packer.take().length).toBe(400_000);
    expect(packer.length).toBe(0);
    expect(packer.add(tensor('f32', [1])).offset).toBe(0);
  });
});

describe('errors on their way', () => {
  test('keep what a document error says', () => {
    expect(errorRecord(new DocumentError('kernel.js', '$.title', 'found 3'))).toMatchObject({
      name: 'DocumentError',
      document: { document: 'kernel.js', path: '$.title', problem: 'found 3' },
    });
  });

  test('whatever is thrown becomes one, of bounded length', () => {
    fc.assert(fc.property(fc.anything(), (thrown) => typeof errorRecord(thrown).message === 'string'));
    expect(errorRecord(Object.assign(new Error(), { name: null, message: { toString: 3 }, stack: 7 })).message).toBe(
      'a value that has no text',
    );
    expect(errorRecord(new Error('x'.repeat(1e6))).message.length).toBe(8000);
  });
});
