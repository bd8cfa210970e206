import type { Term } from '../../../../spec/types/documents.js';
import type { Mutator } from './mutator.js';
import { applicationsOf, show } from './places.js';

/** Drops a condition, so that hidden values count, e.g. keys under a mask. */
export const conditionLeftOut: Mutator = {
  id: 'condition-left-out',
  imitates: 'a mask that reaches one of two paths, padding that is summed, a stop that is lost when a loop is unrolled',
  *faults({ program }) {
    for (const { term, statement, with: replaced } of applicationsOf(program, 'where', 'softmax', 'logsumexp')) {
      const [name, first, x] = term;
      if (name === 'where') {
        yield { title: `${statement}: whatever ${show(first)} says, ${show(x)} counts`, program: replaced(['where', first, x, x]) };
        continue;
      }
      const attributes = term.at(-1) as unknown as Record<string, string>;
      if (typeof attributes !== 'object' || Array.isArray(attributes) || !('where' in attributes)) continue;
      const { where, ...kept } = attributes;
      const others = [...term.slice(0, -1), ...(Object.keys(kept).length > 0 ? [kept] : [])];
      yield { title: `${statement}: the ${name} is over all elements, whatever ${where} says`, program: replaced(others as Term) };
    }
  },
};
