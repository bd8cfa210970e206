import fc from 'fast-check';
import { expect, it } from 'vitest';
import { baseTypes, callType, isInteger, parseCType, pointsAt, storedAs } from '../../../../adapters/backends/native/c-type.js';

const space = fc.constantFrom(' ', '  ', '\t');
const maybe = fc.constantFrom('', ' ');

it('reads what a header may write, const on either side', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...baseTypes),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      space,
      maybe,
      fc.constantFrom('', ' restrict', ' const', ' __restrict__'),
      (base, pointer, constant, first, gap, before, after) => {
        fc.pre(base !== 'void' || pointer);
        const named = constant ? (first ? `const${gap}${base}` : `${base}${gap}const`) : base;
        const text = `${before}${named}${pointer ? `${before}*${after}` : ''}`;
        expect(parseCType(text), text).toEqual({ base, pointer, constant });
      },
    ),
  );
});

it('gives a type or nothing for any text', () => {
  const words = fc.array(fc.constantFrom('const', 'float', 'int32_t', '*', 'unsigned', 'void', 'struct x', 'restrict', '', '[4]'));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        words.map((all) => all.join(' ')),
      ),
      (text) => {
        const type = parseCType(text);
        if (type) expect(baseTypes).toContain(type.base);
      },
    ),
  );
});

it.each([
  '',
  'void',
  '*',
  'const',
  'floot *',
  'float **',
  'const float * q',
  'const const float *',
  'float const * const const x',
  'float[4]',
])('refuses %j', (text) => expect(parseCType(text)).toBeUndefined());

it('knows what a pointer may point at, and what is stored through it', () => {
  const type = (text: string) => parseCType(text) ?? expect.fail(text);
  expect(pointsAt(type('const float *'), 'f32')).toBe(true);
  expect(pointsAt(type('const float *'), 'f64')).toBe(false);
  expect(pointsAt(type('const void *'), 'bf16')).toBe(true);
  expect(pointsAt(type('const uint16_t *'), 'bf16')).toBe(true);
  expect(pointsAt(type('float'), 'f32')).toBe(false);
  expect(storedAs(type('float *'), 'f16')).toBe('f32');
  expect(storedAs(type('uint16_t *'), 'f16')).toBe('f16');
  expect([isInteger(type('size_t')), isInteger(type('float')), isInteger(type('int *'))]).toEqual([true, false, false]);
  expect([callType(type('bool')), callType(type('const bool *'))]).toEqual(['uint8_t', 'void *']);
});
