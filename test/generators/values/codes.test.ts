import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../generators/values/element.js';
import { settle } from '../../../generators/values/input-domain.js';
import { codesOf } from '../../../spec/tensor/code-format.js';
import type { CodeFormat, DescribedInput, Dims } from '../../../spec/types/documents.js';

const formats: CodeFormat[] = ['e4m3', 'e5m2', 'e2m1', 'e8m0', 'int8', 'int4'];

function drawn(format: CodeFormat, more: Partial<DescribedInput> = {}): number[] {
  const values = tableOf('code').slice();
  settle(values, { kind: 'code', format, draw: 'normal', ...more }, [values.length], {} as Dims);
  return [...values];
}

describe('inputs of codes', () => {
  it.each(formats)('have every code of %s that stands for a finite number, and no other', (format) => {
    const { finite } = codesOf(format);
    expect(new Set(drawn(format))).toEqual(new Set(finite));
  });

  it('have numbers that are not negative, or small scales and zero, where the document says so', () => {
    const { decode } = codesOf('e4m3');
    const positive = drawn('e4m3', { draw: 'positive' }).map(decode);
    expect([Math.min(...positive), Math.max(...positive)]).toEqual([0, 448]);
    const scales = drawn('e8m0', { draw: 'scale' }).map(codesOf('e8m0').decode);
    expect([Math.min(...scales), Math.max(...scales)]).toEqual([2 ** -12, 1]);
    expect(drawn('e4m3', { draw: 'scale' }).map(decode)).toContain(0);
  });

  it('have every pair of codes in a byte that holds two', () => {
    expect(new Set(drawn('e2m1', { packed: true })).size).toBe(256);
  });
});
