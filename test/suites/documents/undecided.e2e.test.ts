import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import { createLibrary } from '../../../spec/library.js';
import { inputsOf } from '../../../spec/operator/facts.js';
import { interpret } from '../../../spec/program/interpret.js';
import { claimsOfDocument, DocumentCases } from '../../../suites/documents/drawn-problems.js';

const library = createLibrary();
const distinct = [...library.operators.values()].filter((operator) =>
  Object.values(inputsOf(operator)).some(({ draw }) => draw === 'distinct' || draw === 'unequal'),
);

describe('documents whose inputs are drawn distinct or unequal', () => {
  it.each(distinct.map((operator) => [operator.name, operator] as const))('%s is decided', (_, operator) => {
    const claims = claimsOfDocument(library, operator);
    const cases = new DocumentCases(claims, operator, { gradients: true });
    let [undecided, all] = [0, 0];
    for (let index = 0; index < 60; index++) {
      const { value } = cases.draw(0, index);
      // what lies in hidden slots may be no number
      if (value.values.distribution === 'poison') continue;
      const problem = problemOf(claims, value, true);
      for (const gradients of [false, true])
        for (const { bound } of Object.values(interpret(problem, gradients).outputs))
          for (const e of bound) {
            all++;
            if (e === Infinity) undecided++;
          }
    }
    expect(undecided / all).toBeLessThan(0.01);
  });
});
