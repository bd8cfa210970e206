import type { Mutator } from './mutator.js';
import { applicationsOf, show } from './places.js';

/** Flips the sign of an operand. */
export const signFlipped: Mutator = {
  id: 'sign-flipped',
  imitates: 'a distance from the key to the query in place of one from the query to the key, a decay that grows',
  *faults({ program }) {
    for (const { term, statement, with: replaced } of applicationsOf(program, 'add', 'sub', 'scale')) {
      const [name, x, y] = term;
      const title = `${statement}: an operand of ${show(term)} has the wrong sign`;
      if (name === 'scale') yield { title, program: replaced(['sub', 0, term as never]) };
      else yield { title, program: replaced([name === 'add' ? 'sub' : 'add', x, y]) };
    }
  },
};
