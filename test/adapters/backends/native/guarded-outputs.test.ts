import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GuardedOutputs } from '../../../../adapters/backends/native/guarded-outputs.js';
import { guardedPages } from '../../../../adapters/system/guarded-pages.js';
import type { Prefill } from '../../../../spec/tensor/prefill.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';

const spec = fc.record({
  dtype: fc.constantFrom('f32', 'f64', 'f16', 'bf16'),
  shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
} as const);
const specs = fc.array(spec, { minLength: 1, maxLength: 4 }).map((all) => all.map((s, x) => ({ ...s, name: `out${x}` })));

const pages = await guardedPages().catch(() => undefined);
const ways = [['in memory of JavaScript', undefined] as const, ...(pages ? [['between guard pages', pages] as const] : [])];

it.each(ways)('%s: starts as it is told, and finds any byte written next to an output', (_, guarded) => {
  const memory = new GuardedOutputs(guarded);
  fc.assert(
    fc.property(
      specs,
      fc.constantFrom<Prefill>('nan', 'plausible'),
      fc.nat(),
      fc.integer({ min: -4096, max: 4095 }),
      (outputs, kind, which, distance) => {
        const tensors = Object.values(memory.place(outputs, kind));
        for (const t of tensors) {
          const values = valuesOf(t);
          if (kind === 'nan') expect(values.every((x) => Number.isNaN(x))).toBe(true);
          else expect(values.every((x) => Math.abs(x) < 2)).toBe(true);
        }
        for (const { data } of tensors) data.fill(1);
        expect(() => memory.check()).not.toThrow();
        const { data } = tensors[which % tensors.length];
        const name = `out${which % tensors.length}`;
        const start = distance < 0 ? data.byteOffset : data.byteOffset + data.byteLength;
        new Uint8Array(data.buffer)[start + distance] ^= 1;
        const where =
          distance < 0
            ? `before the start of its output ${name}, from byte −${-distance} on`
            : `after the end of its output ${name}, from byte +${distance} on`;
        expect(() => memory.check()).toThrow(
          expect.objectContaining({ name: 'Intruded', how: 'overrun', message: `the kernel wrote ${where}` }),
        );
      },
    ),
  );
});

it.each([2 ** 4, 2 ** 20, 2 ** 24])('keeps outputs that are taken, of %d elements, from later calls', (size) => {
  const memory = new GuardedOutputs(pages);
  const outputs = [{ name: 'o', dtype: 'f32', shape: [size] }] as const;
  const call = (value: number) => {
    const placed = memory.place(outputs, 'nan');
    placed.o.data[size - 1] = value;
    return memory.take(placed).o.data;
  };
  const kept = call(1);
  call(2);
  expect(kept[size - 1]).toBe(1);
  expect(kept).toHaveLength(size);
});
