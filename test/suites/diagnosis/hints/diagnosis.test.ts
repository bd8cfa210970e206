import { expect, it } from 'vitest';
import { type Diagnosis, hintOf } from '../../../../suites/diagnosis/hints/diagnosis.js';

const x = { text: 'what no mask would give' };
const y = { text: 'what a causal mask without its diagonal would give' };
const both: Diagnosis = { answers: [x, y], signs: [] };

it('of several hypotheses, one is said that a right case allows where it refutes the other', () => {
  const said = (right: NonNullable<Parameters<typeof hintOf>[1]>['right']) => hintOf([both], { failing: [both], right });
  expect(said([])).toBe(`this is ${x.text}, and also ${y.text}`);
  expect(said([{ refutes: [x], allows: [y] }])).toBe(`this is ${y.text}`);
  expect(said([{ refutes: [x], allows: [y] }, { refutes: [x, y] }])).toBe(`this is ${y.text}`);
  // a fault that depends on something else than both is in neither
  expect(said([{ refutes: [x] }])).toBe(`this is ${x.text}, and also ${y.text}`);
  expect(
    said([
      { refutes: [x], allows: [y] },
      { refutes: [y], allows: [x] },
    ]),
  ).toBe(`this is ${x.text}, and also ${y.text}`);
});
