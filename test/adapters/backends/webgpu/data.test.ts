import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deviceProblem } from '../../../../adapters/backends/webgpu/device-problem.js';
import { Extras } from '../../../../adapters/backends/webgpu/extras.js';
import { absent, type Parameters, parametersStruct, parameterWords } from '../../../../adapters/backends/webgpu/parameters.js';
import { splitOf } from '../../../../adapters/backends/webgpu/schedule.js';
import { type Tensor, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import { createCall } from '../../controls/reference/calls.js';

/** How a shader reads it: floats as f32. */
function read(dtype: string, { buffer }: Uint8Array, offset: number, length: number): ArrayLike<number> & Iterable<number> {
  const View = { bool: Uint8Array, i32: Int32Array }[dtype] ?? Float32Array;
  return new View(buffer as ArrayBuffer, offset, length);
}

const dims = { b: 2, hk: 1, g: 3, m: 4, n: 6, d: 5, e: 7 };

it('lays the uniform out as the shaders declare it', () => {
  const { parameters } = deviceProblem(createCall({ dims, seed: 0, dtype: 'f32', mask: { name: 'causal' }, options: { softcap: 4 } }));
  const words = new DataView(parameterWords(parameters));
  expect(words.byteLength % 16).toBe(0);
  const fields = [...parametersStruct.matchAll(/(\w+): ([uif])32,/g)];
  expect(fields.map(([, name]) => name).sort()).toEqual(Object.keys(parameters).sort());
  fields.forEach(([, name, type], at) => {
    const read = { u: words.getUint32, i: words.getInt32, f: words.getFloat32 }[type as 'u' | 'i' | 'f'].call(words, at * 4, true);
    expect(read).toBe(type === 'f' ? Math.fround(parameters[name as keyof Parameters]) : parameters[name as keyof Parameters]);
  });
});

it('packs what comes along so that each tensor is where its place says', () => {
  const tensor: fc.Arbitrary<Tensor | undefined> = fc.option(
    fc.oneof(
      fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 9 }).map((x) => tensorOf('bool', [x.length], x)),
      fc.array(fc.integer(), { minLength: 1, maxLength: 9 }).map((x) => tensorOf('i32', [x.length], x)),
      fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 9 }).map((x) => tensorOf('f16', [x.length], x)),
      fc.array(fc.float(), { minLength: 1, maxLength: 9 }).map((x) => tensorOf('f32', [x.length], x)),
    ),
    { nil: undefined },
  );
  fc.assert(
    fc.property(fc.array(tensor, { maxLength: 6 }), (tensors) => {
      const extras = new Extras();
      const places = tensors.map((t) => extras.add(t));
      const bytes = extras.bytes();
      expect(bytes.length).toBeGreaterThanOrEqual(4);
      const found = tensors.map((t, at) => t && [...read(t.dtype, bytes, places[at] * 4, t.shape[0])]);
      expect(found).toEqual(tensors.map((t) => t && [...valuesOf(t)]));
      expect(places.filter((_, at) => !tensors[at]).every((place) => place === absent)).toBe(true);
    }),
  );
});

it('reads views, and strides of broadcast masks and biases', () => {
  const call = createCall({ dims, seed: 1, dtype: 'f32', dense: { kind: 'mask', shape: [2, 1, 4, 6], share: 0.5 } });
  expect(deviceProblem(call).parameters).toMatchObject({ mask_b: 24, mask_h: 0, mask_i: 6, bias_at: absent });
  const wide = tensorOf('f32', [2, 1, 6, 10], [...Array(120).keys()]);
  const view = { ...wide, shape: [2, 1, 6, 5], offset: 3 };
  const { k } = deviceProblem({ ...call, tensors: { ...call.tensors, k: view } });
  expect([...new Float32Array(k.buffer, k.byteOffset, 60)]).toEqual([...valuesOf(view)]);
});

it('splits the keys into whole tiles that cover them once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000 }), (n) => {
      const { splits, split_keys } = splitOf(n);
      expect(split_keys % 32).toBe(0);
      expect(splits).toBeLessThanOrEqual(64);
      expect((splits - 1) * split_keys).toBeLessThan(n);
      expect(splits * split_keys).toBeGreaterThanOrEqual(n);
    }),
  );
});
