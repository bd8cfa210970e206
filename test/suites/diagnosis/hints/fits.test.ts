import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tensor } from '../../../../spec/tensor/tensor.js';
import { decidesWrong, refusesRight, wrongElements } from '../../../../suites/diagnosis/hints/fits.js';
import { comparand } from '../../judging/comparand.js';

/** An output beside what should be, ones, each within a tenth. */
function besideOnes(actual: number[]) {
  return comparand(
    actual,
    actual.map(() => 1),
    actual.map(() => 0.1),
  );
}

const element = fc.record({ wrong: fc.boolean(), decided: fc.boolean() });

it('takes an answer for an explanation where it decides something of what is wrong', () => {
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 8 }), (elements) => {
      const actual = elements.map(({ wrong }) => (wrong ? 2 : 1));
      const answer = comparand(
        actual,
        actual,
        elements.map(({ decided }) => (decided ? 0.1 : Infinity)),
      );
      expect(decidesWrong(besideOnes(actual), answer)).toBe(elements.some(({ wrong, decided }) => wrong && decided));
    }),
  );
});

it('takes an answer for none where what should be lies within its bounds everywhere', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ answer: fc.constantFrom(1, 2), bound: fc.constantFrom(0.1, 2) }), { minLength: 1, maxLength: 8 }),
      (elements) => {
        const actual = elements.map(({ answer }) => answer);
        const answer = comparand(
          actual,
          actual,
          elements.map(({ bound }) => bound),
        );
        expect(refusesRight(besideOnes(actual), answer)).toBe(elements.some(({ answer, bound }) => answer === 2 && bound === 0.1));
      },
    ),
  );
});

it.each([
  ['exact', [1]],
  ['finite', []],
] as const)('rows without keys are wrong where their rule is %s', (rule, places) => {
  const expected = { shape: [1, 1, 2], value: new Float64Array([0.5, -Infinity]), bound: new Float64Array([1e-6, 0]) };
  const actual = tensor('f32', [1, 1, 2], new Float32Array([0.5, -1e30]));
  const empty = { rows: Uint8Array.of(0, 1), rule };
  expect([...wrongElements({ output: 'lse', class: 'lse', actual, expected, flushToZero: false, empty })]).toEqual(places);
});
