import type { Mutator } from './mutator.js';
import { applicationsOf, show } from './places.js';

/** Drops an operand of a sum, difference, product or quotient. */
export const operandDropped: Mutator = {
  id: 'operand-dropped',
  imitates: 'a bias, a gate or a norm that a port of the reference code leaves out',
  *faults({ program }) {
    for (const { term, statement, with: replaced } of applicationsOf(program, 'add', 'sub', 'mul', 'div')) {
      const [name, x, y] = term;
      yield { title: `${statement}: without ${show(y)} in ${show(term)}`, program: replaced(x) };
      if (name === 'add' || name === 'mul') yield { title: `${statement}: without ${show(x)} in ${show(term)}`, program: replaced(y) };
    }
  },
};
