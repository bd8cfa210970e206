import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate, bytesOf, type TensorDType } from '../../../spec/tensor/dtype.js';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from '../../../spec/tensor/safetensors.js';
import { contiguousData, sizeOf, type Tensors, tensor, transpose } from '../../../spec/tensor/tensor.js';

const dtypes: TensorDType[] = ['f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2', 'i32', 'bool'];

const someTensor = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(4), { maxLength: 4 }), fc.infiniteStream(fc.nat(255)))
  .map(([dtype, shape, bytes]) => {
    const data = allocate(dtype, sizeOf(shape));
    const raw = new Uint8Array(data.buffer);
    for (let i = 0; i < raw.length; i++) raw[i] = bytes.next().value;
    return tensor(dtype, shape, data);
  });
const name = fc
  .oneof(fc.string({ minLength: 1 }), fc.constantFrom('q', 'lse', '0', '__proto__', 'a"b\\'))
  .filter((s) => s !== '__metadata__');
const someTensors = fc.dictionary(name, someTensor, { maxKeys: 5 }) as fc.Arbitrary<Tensors>;

const bits = (tensors: Tensors) =>
  Object.entries(tensors)
    .map(([key, t]) => {
      const data = contiguousData(t);
      return [key, t.dtype, [...t.shape], [...new Uint8Array(data.buffer, data.byteOffset, data.length * bytesOf(t.dtype))]];
    })
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));

/** A file with this header, whatever it says, and so many bytes of data. */
function file(header: string, data: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

describe('safetensors', () => {
  test('every bit comes back', () => {
    fc.assert(
      fc.property(someTensors, fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }), (tensors, metadata) => {
        const file = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(bits(file.tensors)).toEqual(bits(tensors));
        expect(file.metadata).toEqual(metadata);
      }),
      { numRuns: 200 },
    );
  });

  test('a strided tensor is written in row-major order', () => {
    const t = tensor('f32', [2, 3], Float32Array.of(0, 1, 2, 3, 4, 5));
    const { tensors } = decodeSafetensors(encodeSafetensors({ t: transpose(t, [1, 0]) }));
    expect([...tensors.t.data]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  test('the layout is the one that the format lays down', () => {
    const bytes = encodeSafetensors({ x: tensor('bf16', [2], Uint16Array.of(0x3f80, 0x4000)) });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      x: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] },
    });
    expect([...bytes.subarray(8 + length)]).toEqual([0x80, 0x3f, 0x00, 0x40]);
  });

  test.each([
    ['a header longer than the file', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 123, 125)],
    ['too few bytes', Uint8Array.of(1, 2, 3)],
    ['no JSON', file('{"a":', 0)],
    ['no object', file('[]', 0)],
    ['an entry that is no object', file('{"a":1}', 0)],
    ['an unknown dtype', file('{"a":{"dtype":"F7","shape":[1],"data_offsets":[0,4]}}', 4)],
    ['a negative size', file('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4)],
    ['more data than there is', file('{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}', 4)],
    ['a shape that overflows', file('{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}', 4)],
    ['a shape that does not fill its range', file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4)],
    ['offsets in reverse', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', 4)],
    [
      'overlapping tensors',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    ],
    ['a gap', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8)],
    ['bytes that belong to nobody', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 5)],
    ['metadata that is not text', file('{"__metadata__":{"a":1}}', 0)],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError);
  });

  test('any bytes give tensors or a SafetensorsError', () => {
    const mutated = fc
      .tuple(someTensors, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(40))
      .map(([tensors, changes, cut]) => {
        const bytes = encodeSafetensors(tensors);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes.slice(0, Math.max(0, bytes.length - cut));
      });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          mutated,
          fc.json().map((text) => file(text, 16)),
        ),
        (bytes) => {
          try {
            for (const t of Object.values(decodeSafetensors(bytes).tensors)) expect(t.data.length).toBe(sizeOf(t.shape));
          } catch (error) {
            expect(error).toBeInstanceOf(SafetensorsError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
