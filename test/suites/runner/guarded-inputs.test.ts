import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTable } from '../../../spec/tensor/float-bits.js';
import type { Prefill } from '../../../spec/tensor/prefill.js';
import { type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import { GuardedInputs } from '../../../suites/runner/host/guarded-inputs.js';

const floats = (...values: number[]) => tensor('f32', [values.length], Float32Array.from(values));
const shapes = fc.array(fc.tuple(fc.constantFrom('f64', 'f32', 'bf16', 'bool', 'i32'), fc.integer({ min: 1, max: 40 })), {
  minLength: 1,
  maxLength: 6,
});
const kinds = fc.constantFrom<Prefill>('nan', 'plausible');
const some = shapes.map((list): Tensors => Object.fromEntries(list.map(([dtype, n], i) => [`t${i}`, tensor(dtype as 'f32', [n])])));

describe('guarded inputs', () => {
  test('are copies with the same elements, untouched by a call that only reads', () => {
    const inputs = new GuardedInputs();
    fc.assert(
      fc.property(some, kinds, (tensors, kind) => {
        const placed = inputs.place(tensors, kind);
        for (const [name, t] of Object.entries(tensors)) {
          expect(placed[name]).toEqual(t);
          expect(placed[name].data).not.toBe(t.data);
        }
        expect(inputs.intrusion()).toBeUndefined();
      }),
    );
  });

  test('every changed bit inside a tensor is seen, and named', () => {
    fc.assert(
      fc.property(some, kinds, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (tensors, kind, which, at, flip) => {
        const inputs = new GuardedInputs();
        const placed = inputs.place(tensors, kind);
        const name = Object.keys(placed)[which % Object.keys(placed).length];
        const { data } = placed[name];
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        bytes[at % bytes.length] ^= flip;
        expect(inputs.intrusion()).toMatchObject({ kind: 'mutated-input', message: expect.stringContaining(`input ${name} `) });
      }),
    );
  });

  test('every byte near a tensor is watched', () => {
    fc.assert(
      fc.property(some, kinds, fc.nat(), fc.integer({ min: 1, max: 64 }), fc.boolean(), (tensors, kind, which, distance, after) => {
        const inputs = new GuardedInputs();
        const placed = inputs.place(tensors, kind);
        const { data } = Object.values(placed)[which % Object.keys(placed).length];
        const at = after ? data.byteOffset + data.byteLength + distance - 1 : data.byteOffset - distance;
        new Uint8Array(data.buffer)[at] ^= 1;
        expect(inputs.intrusion()?.kind).toBe('overrun');
      }),
    );
  });

  test('a NaN is what lies beyond, or a number that could be one of theirs', () => {
    const inputs = new GuardedInputs();
    const around = (kind: Prefill) => {
      const { q, k } = inputs.place({ q: floats(1, 2), k: tensor('f16', [3]) }, kind);
      const floatsAt = (at: number) => [...new Float32Array(q.data.buffer, at, 14)];
      const halves = decodeTable('f16');
      return [
        ...floatsAt(q.data.byteOffset - 56),
        ...floatsAt(q.data.byteOffset + 8),
        ...Array.from(new Uint16Array(k.data.buffer, k.data.byteOffset + 6, 29), (x) => halves[x]),
      ];
    };
    expect(around('nan').every((x) => Number.isNaN(x))).toBe(true);
    const numbers = around('plausible');
    expect(numbers.every((x) => Math.abs(x) < 2)).toBe(true);
    expect(new Set(numbers).size).toBeGreaterThan(20);
  });

  test('a kernel that takes their memory away is seen, and the next call has memory again', () => {
    const inputs = new GuardedInputs();
    const { q } = inputs.place({ q: floats(1, 2) }, 'nan');
    structuredClone(q.data.buffer, { transfer: [q.data.buffer as ArrayBuffer] });
    expect(inputs.intrusion()?.kind).toBe('mutated-input');
    expect(inputs.place({ q: floats(3) }, 'plausible').q.data[0]).toBe(3);
    expect(inputs.intrusion()).toBeUndefined();
  });

  test('grow with the call', () => {
    const inputs = new GuardedInputs();
    inputs.place({ q: floats(1) }, 'nan');
    const { q } = inputs.place({ q: tensor('f64', [100_000]) }, 'plausible');
    expect(inputs.intrusion()).toBeUndefined();
    q.data[99_999] = 1;
    expect(inputs.intrusion()?.kind).toBe('mutated-input');
  });
});
