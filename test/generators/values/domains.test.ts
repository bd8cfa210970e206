import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import { createLibrary } from '../../../spec/library.js';
import { inputsOf } from '../../../spec/operator/facts.js';
import type { DescribedInput } from '../../../spec/types/documents.js';
import { claimsOfDocument, DocumentCases } from '../../../suites/documents/drawn-problems.js';

/** Ends of the domains that documents name for q, k and v. */
const ends: Partial<Record<NonNullable<DescribedInput['draw']>, readonly [number, number]>> = {
  unit: [0, 1],
  table: [-1, 1],
  small: [-0.25, 0.25],
};

const library = createLibrary();
const limited = [...library.operators.values()].filter((operator) => {
  const { q, k, v } = inputsOf(operator);
  return [q, k, v].some((facts) => facts && ends[facts.draw]);
});

describe('inputs whose document names their domain', () => {
  it.each(limited.map((operator) => [operator.name, operator] as const))('%s stays in it whatever the distribution', (_, operator) => {
    const claims = claimsOfDocument(library, operator);
    const cases = new DocumentCases(claims, operator, { distributions: ['planted', 'sunk', 'near-tied', 'one-hot', 'subnormal'] });
    for (let index = 0; index < 15; index++) {
      const { inputs } = problemOf(claims, cases.draw(0, index).value);
      for (const [name, { draw }] of Object.entries(inputsOf(operator))) {
        const [least, most] = ends[draw] ?? [-Infinity, Infinity];
        for (const x of inputs[name]?.data ?? []) expect(least <= x && x <= most, `${name} ${x}`).toBe(true);
      }
    }
  });
});
