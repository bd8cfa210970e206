import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import type { Operator } from '../../../spec/types/documents.js';
import { compareForms } from '../../../suites/documents/second-form.js';
import { asksAll, someOf } from '../../some.js';

const library = createLibrary();
const all = [...library.operators.values()].map((operator) => [operator.name, operator] as const);
const withSecond = all.filter(([, { second }]) => second);

describe('operator documents', () => {
  it.skipIf(asksAll).each(all)('%s has a second form, a formula and a source', (_, { second, formula, source }: Operator) => {
    expect(second?.title).toMatch(/\w/);
    expect(formula).toMatch(/\w/);
    expect(source?.length).toBeGreaterThan(0);
  });

  it.skipIf(asksAll).each(withSecond)('%s has a second form that is another program', (_, { program, second }) => {
    expect(second?.program).not.toEqual(program);
  });

  it.each(someOf(withSecond, ([, { family }]) => family))(
    '%s has a second form that agrees with the first on 20 cases, outputs and gradients, within both bounds',
    (_, operator) => {
      const found = compareForms(library, operator, 20);
      expect(found?.disagreement).toBeUndefined();
      const { elements = 0, undecided = 0 } = found ?? {};
      expect(elements).toBeGreaterThan(0);
      expect(undecided / (elements + undecided)).toBeLessThan(0.1);
    },
  );
});
