import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tensorOf } from '../../../../spec/tensor/tensor.js';
import { decidesWrong } from '../../../../suites/diagnosis/hints/fits.js';
import type { Comparand } from '../../../../suites/judging/compared.js';

const element = fc.record({ wrong: fc.boolean(), decided: fc.boolean() });

/** An output of ones, of which those that are wrong are 2, beside numbers with bounds. */
function beside(actual: number[], value: number[], bound: number[]): Comparand {
  const shape = [actual.length];
  return {
    output: 'o',
    class: 'value',
    actual: tensorOf('f32', shape, actual),
    expected: { shape, value: Float64Array.from(value), bound: Float64Array.from(bound) },
    flushToZero: false,
  };
}

it('takes an answer for an explanation where it decides something of what is wrong', () => {
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 8 }), (elements) => {
      const actual = elements.map(({ wrong }) => (wrong ? 2 : 1));
      const off = beside(
        actual,
        actual.map(() => 1),
        actual.map(() => 0.1),
      );
      const answer = beside(
        actual,
        actual,
        elements.map(({ decided }) => (decided ? 0.1 : Infinity)),
      );
      expect(decidesWrong(off, answer)).toBe(elements.some(({ wrong, decided }) => wrong && decided));
    }),
  );
});
