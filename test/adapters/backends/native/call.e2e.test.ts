import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadNative } from '../../../../adapters/backends/native/manifest.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { contiguous, tensorOf, transpose, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { NativeManifest } from '../../../../spec/types/documents.js';
import { title } from '../../../backend.js';
import { createCall } from '../../controls/reference/calls.js';
import { compiler, scratch, writeManifest } from './kernels.js';

/** Opens a function of one's own. */
async function open(
  code: string,
  changes: Partial<NativeManifest>,
  dtypes: NativeManifest['capabilities']['dtypes'] = ['f32'],
): Promise<Kernel> {
  const folder = scratch();
  writeFileSync(join(folder, 'mine.cpp'), `#include <cstdint>\nextern "C" {\n${code}\n}\n`);
  const manifest = {
    adapter: { id: 'mine', title: 'Mine' },
    library: './mine.so',
    build: 'g++ -shared -fPIC -o mine.so mine.cpp',
    symbol: 'f',
    arguments: { o: 'float *' },
    capabilities: { dtypes, operators: ['softmax'] },
    ...changes,
  };
  return (await loadNative(writeManifest(manifest, folder))).open();
}

const dims = { b: 1, hk: 2, g: 1, m: 3, n: 4, d: 2, e: 1 };

describe.skipIf(compiler.missing)(title('a call', compiler), () => {
  it('passes numbers, expressions, flags and NULL where a tensor is missing', async () => {
    const kernel = await open(
      'int f(double scale, int64_t cells, bool causal, const uint8_t *mask, uint8_t masked, float *o) {\n' +
        '  o[0] = scale; o[1] = cells; o[2] = causal; o[3] = mask == nullptr; o[4] = masked; o[5] = 9; return 0; }',
      {
        arguments: {
          scale: 'double',
          cells: { type: 'int64_t', value: ['*', 'm', 'n'] },
          causal: { type: 'bool', value: 'is_causal' },
          mask: 'const uint8_t *',
          masked: { type: 'uint8_t', value: 'has_mask' },
          o: 'float *',
        },
        capabilities: { dtypes: ['f32'], operators: ['softmax'], masks: ['causal'], options: ['scale'] },
      },
    );
    const call = createCall({ dims, seed: 1, dtype: 'f32', mask: { name: 'causal' }, options: { scale: 0.5 } });
    expect([...valuesOf((await kernel.forward(call)).o)]).toEqual([0.5, 12, 1, 1, 0, 9]);
  });

  it('passes strides over b h l d, whatever the layout, and a view from its first element', async () => {
    const kernel = await open(
      'int f(const float *q, const int64_t *q_strides, const int32_t *k_shape, float *o) {\n' +
        '  for (int x = 0; x < 4; x++) o[x] = q_strides[x]; o[4] = q[0]; o[5] = k_shape[2]; return 0; }',
      {
        arguments: { q: 'const float *', q_strides: 'const int64_t *', k_shape: 'const int32_t *', o: 'float *' },
        capabilities: { dtypes: ['f32'], operators: ['softmax'], layouts: ['bhld', 'blhd'], strided: true },
      },
    );
    const call = createCall({ dims, seed: 1, dtype: 'f32' });
    const q = {
      ...tensorOf(
        'f32',
        [1, 2, 3, 2],
        Array.from({ length: 40 }, (_, x) => x),
      ),
      strides: [0, 20, 3, 1],
      offset: 7,
    };
    const strided = await kernel.forward({ ...call, tensors: { ...call.tensors, q } });
    expect([...valuesOf(strided.o)]).toEqual([0, 20, 3, 1, 7, 4]);
    const k = contiguous(transpose(call.tensors.k, [0, 2, 1, 3]));
    const swapped = { case: { ...call.case, layout: 'blhd' as const }, tensors: { ...call.tensors, q: transpose(q, [0, 2, 1, 3]), k } };
    const { o } = await kernel.forward(swapped);
    expect(o.shape).toEqual([1, 3, 2, 1]);
    expect([...valuesOf(o)]).toEqual([0, 20, 3, 1, 7, 4]);
  });

  it('chooses the symbol by dtype, and takes wider outputs', async () => {
    const kernel = await open(
      'int f_f16(const void *q, float *o) { for (int x = 0; x < 6; x++) o[x] = 16; return 0; }\n' +
        'int f_f32(const void *q, float *o) { for (int x = 0; x < 6; x++) o[x] = 32; return 0; }',
      { symbol: 'f_{dtype}', arguments: { q: 'const void *', o: 'float *' } },
      ['f16', 'f32'],
    );
    for (const [dtype, value] of [
      ['f16', 16],
      ['f32', 32],
    ] as const) {
      const { o } = await kernel.forward(createCall({ dims, seed: 1, dtype }));
      expect([o.dtype, ...valuesOf(o)]).toEqual(['f32', ...new Array(6).fill(value)]);
    }
  });

  it('heeds no code where there is none, and tells memory from other errors', async () => {
    const call = createCall({ dims, seed: 1, dtype: 'f32' });
    const none = await open('void f(float *o) { o[0] = 1; }', { returns: 'void' });
    expect((await none.forward(call)).o.data[0]).toBe(1);
    const full = await open('int f(float *o) { return 2; }', { codes: { '2': 'out-of-memory' } });
    await expect(full.forward(call)).rejects.toMatchObject({ name: 'OutOfMemory' });
    const wrong = await open('int f(float *o) { return -5; }', { codes: { '2': 'out-of-memory' } });
    await expect(wrong.forward(call)).rejects.toThrow('f returned -5');
  });

  it('refuses to round an integer', async () => {
    const kernel = await open('int f(int half, float *o) { return 0; }', {
      arguments: { half: { type: 'int', value: ['/', 'm', 2] }, o: 'float *' },
    });
    await expect(kernel.forward(createCall({ dims, seed: 1, dtype: 'f32' }))).rejects.toThrow(
      'the argument half would be 1.5, not an integer',
    );
  });

  it('hands the backward pass o and lse: those of the forward pass, or those of the call', async () => {
    const kernel = await open(
      'int f(float *o, float *lse) { for (int x = 0; x < 6; x++) { o[x] = 1; lse[x] = 2; } return 0; }\n' +
        'int g(const float *o, const float *lse, const float *cotangent, float *dq) { for (int x = 0; x < 12; x++) dq[x] = o[0] + 10 * lse[0]; return 0; }',
      {
        arguments: { o: 'float *', lse: 'float *' },
        backward: {
          symbol: 'g',
          arguments: { o: 'const float *', lse: 'const float *', cotangent: { type: 'const float *', value: 'do' }, dq: 'float *' },
        },
        capabilities: { dtypes: ['f32'], operators: ['softmax'], outputs: ['o', 'lse'], gradients: ['q'] },
      },
    );
    const call = createCall({ dims, seed: 1, dtype: 'f32' });
    expect((await kernel.backward?.(call))?.dq.data[0]).toBe(21);
    const o = tensorOf('f32', [1, 2, 3, 1], new Array(6).fill(3));
    const lse = tensorOf('f32', [1, 2, 3], new Array(6).fill(4));
    expect((await kernel.backward?.({ ...call, tensors: { ...call.tensors, o, lse } }))?.dq.data[0]).toBe(43);
  });
});
