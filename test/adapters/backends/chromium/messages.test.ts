import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAnswer, decodeCall, encodeAnswer, encodeCall } from '../../../../adapters/backends/chromium/messages.js';
import { SafetensorsError } from '../../../../spec/tensor/safetensors.js';
import { type Tensors, tensor } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';

const c = { operator: 'softmax', dims: { m: 1 }, mask: { name: 'full' } } as unknown as Case;
/** Any bits at all: NaN payloads too. */
const bits = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 1, maxLength: 20 });
const ofBits = (words: number[]) => tensor('f32', [words.length], new Float32Array(Uint32Array.from(words).buffer));
const bitsOf = (t: Tensors[string]) => [...new Uint32Array(t.data.buffer, t.data.byteOffset, t.data.length)];

describe('messages', () => {
  test('calls arrive with every bit', () => {
    fc.assert(
      fc.property(bits, fc.constantFrom('forward', 'backward'), (words, command) => {
        const call = decodeCall(encodeCall({ command: command as 'forward', case: c, tensors: { q: ofBits(words) } }));
        expect(call).toMatchObject({ command, case: c });
        expect(bitsOf(call.tensors.q)).toEqual(words);
      }),
    );
  });

  test('answers arrive with every bit, an environment or an error', () => {
    fc.assert(
      fc.property(bits, (words) => {
        const answer = decodeAnswer(encodeAnswer({ tensors: { o: ofBits(words) } })) as { tensors: Tensors };
        expect(bitsOf(answer.tensors.o)).toEqual(words);
      }),
    );
    expect(decodeAnswer(encodeAnswer({ tensors: {}, environment: { vendor: 'ours' } }))).toEqual({
      tensors: {},
      environment: { vendor: 'ours' },
    });
    const error = { name: 'Unavailable', message: 'no GPU', remedy: 'a GPU' };
    expect(decodeAnswer(encodeAnswer({ error }))).toEqual({ error });
  });

  test('other bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          return 'tensors' in decodeAnswer(bytes);
        } catch (error) {
          return error instanceof SafetensorsError;
        }
      }),
    );
  });
});
