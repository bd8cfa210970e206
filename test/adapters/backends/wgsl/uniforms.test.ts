import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleCase } from '../../../../adapters/backends/wgsl/example.js';
import { countWorkgroups, packFields } from '../../../../adapters/backends/wgsl/uniforms.js';

const values = new Map([
  ['m', 65],
  ['left', -1],
  ['scale', 0.1],
]);

describe('uniform fields', () => {
  it('are packed in order, four bytes each', () => {
    const reads = { u32: 'getUint32', i32: 'getInt32', f32: 'getFloat32' } as const;
    const field = fc.oneof(
      fc.record({ type: fc.constant('u32' as const), value: fc.nat(2 ** 32 - 1) }),
      fc.record({ type: fc.constant('i32' as const), value: fc.integer() }),
      fc.record({ type: fc.constant('f32' as const), value: fc.float({ noDefaultInfinity: true, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 20 }), (fields) => {
        const named = fields.map((f, x) => ({ ...f, name: `field${x}` }));
        const bytes = new DataView(packFields(named, values));
        expect(bytes.byteLength % 16).toBe(0);
        expect(fields.map(({ type }, x) => bytes[reads[type]](x * 4, true))).toEqual(fields.map(({ value }) => value));
      }),
    );
  });

  it('have the value of their name where none is given', () => {
    expect(new DataView(packFields([{ name: 'm', type: 'u32' }], values)).getUint32(0, true)).toBe(65);
  });

  it.each([
    [{ name: 'left', type: 'u32' }, 'uniform "left" is -1, which is not a value of type u32'],
    [{ name: 'scale', type: 'i32' }, 'uniform "scale" is 0.1, which is not a value of type i32'],
    [{ name: 'x', type: 'u32', value: ['/', 0, 0] }, 'uniform "x" is NaN, which is not a value of type u32'],
  ] as const)('%j does not fit', (field, message) => {
    expect(() => packFields([field as Parameters<typeof packFields>[0][number]], values)).toThrow(message);
  });
});

describe('workgroups', () => {
  it('are rounded up', () => {
    expect(countWorkgroups([['/', 'm', 64], 'm', 0], values)).toEqual([2, 65, 0]);
  });

  it('that are no count are refused', () => {
    expect(() => countWorkgroups(['m', ['-', 'left', 1]], values)).toThrow(
      'the number of workgroups in y is -2, which must be from 0 to 2³² − 1',
    );
    expect(() => countWorkgroups([['/', 'm', 0]], values)).toThrow(
      'the number of workgroups in x is Infinity, which must be from 0 to 2³² − 1',
    );
  });
});

describe('the example that pipelines are tried with', () => {
  const size = fc.integer({ min: 1, max: 40 });
  const limit = fc.oneof(fc.array(size, { minLength: 1, maxLength: 4 }), fc.record({ min: size, multipleOf: size }, { requiredKeys: [] }));

  it('is within the limits', () => {
    fc.assert(
      fc.property(limit, limit, (m, d) => {
        const { dims } = exampleCase({ dtypes: ['f32'], operators: ['softmax'], limits: { m, d, e: '=d', n: '=n' } }, 'f32');
        for (const [value, allowed] of [
          [dims.m, m],
          [dims.d, d],
          [dims.e, d],
        ] as const) {
          if (Array.isArray(allowed)) expect(allowed).toContain(value);
          else expect([value >= (allowed.min ?? 1), value % (allowed.multipleOf ?? 1)]).toEqual([true, 0]);
        }
        expect(dims).toMatchObject({ b: 1, n: 1 });
      }),
    );
  });
});
