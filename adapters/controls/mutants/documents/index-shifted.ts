import type { Term } from '../../../../spec/types/documents.js';
import type { Mutator } from './mutator.js';
import { applicationsOf, show } from './places.js';

const indexed = ['predicate', 'index', 'position', 'cumsum', 'window', 'overlap', 'gather'];

const strictness: Readonly<Record<string, string>> = { '<=': '<', '<': '<=' };

/** Shifts an index by one: < for <=, the next position, an exclusive running sum, or a window. */
export const indexShifted: Mutator = {
  id: 'index-shifted',
  imitates: 'https://github.com/vllm-project/vllm/pull/945',
  *faults({ program }) {
    for (const { term, statement, with: replaced } of applicationsOf(program, ...indexed)) {
      const [name, first, ...rest] = term;
      if (name === 'predicate') {
        for (const condition of otherConditions(first))
          yield {
            title: `${statement}: ${show(condition)} in place of ${show(first)}`,
            program: replaced(['predicate', condition, ...rest]),
          };
      } else if (name === 'cumsum') {
        yield { title: `${statement}: the sum ${show(term)} lacks the element itself`, program: replaced(['sub', term as never, first]) };
      } else if (name === 'window' || name === 'overlap') {
        const [axis, taps, offset] = rest;
        const late = ['+', offset, 1] as Term;
        yield { title: `${statement}: ${show(term)} is one place off`, program: replaced([name, first, axis, taps, late] as Term) };
      } else if (name === 'gather') {
        const [axis, index] = rest;
        const next = ['add', index, 1] as Term;
        yield { title: `${statement}: ${show(term)} takes the element after`, program: replaced([name, first, axis, next] as Term) };
      } else yield { title: `${statement}: ${show(term)} is one too large`, program: replaced(['add', term as never, 1]) };
    }
  },
};

/** Yields the condition with one comparison made strict, or made non-strict. */
function* otherConditions(condition: Term): Generator<Term> {
  if (!Array.isArray(condition)) return;
  const other = strictness[String(condition[0])];
  if (other) yield [other, ...condition.slice(1)] as Term;
  for (let i = 1; i < condition.length; i++)
    for (const inner of otherConditions(condition[i] as Term)) yield condition.map((part, k) => (k === i ? inner : part)) as Term;
}
