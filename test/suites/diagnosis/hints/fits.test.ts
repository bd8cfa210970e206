import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decidesWrong } from '../../../../suites/diagnosis/hints/fits.js';
import { comparand } from '../../judging/comparand.js';

const element = fc.record({ wrong: fc.boolean(), decided: fc.boolean() });

it('takes an answer for an explanation where it decides something of what is wrong', () => {
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 8 }), (elements) => {
      const actual = elements.map(({ wrong }) => (wrong ? 2 : 1));
      const off = comparand(
        actual,
        actual.map(() => 1),
        actual.map(() => 0.1),
      );
      const answer = comparand(
        actual,
        actual,
        elements.map(({ decided }) => (decided ? 0.1 : Infinity)),
      );
      expect(decidesWrong(off, answer)).toBe(elements.some(({ wrong, decided }) => wrong && decided));
    }),
  );
});
