import type { Operator, Term } from '../../../../spec/types/documents.js';
import type { Mutator } from './mutator.js';
import { applicationsOf, show } from './places.js';

/** Largest summand that only keeps a divisor from 0. */
const SMALL = 1e-3;

/** Drops the small summand that keeps a divisor or norm from 0. */
export const epsLeftOut: Mutator = {
  id: 'eps-left-out',
  imitates: 'a norm without its eps, or with that of another layer',
  *faults(operator) {
    for (const { term, statement, with: replaced } of applicationsOf(operator.program, 'add')) {
      const [, x, y] = term;
      if (isSmall(operator, y)) yield { title: `${statement}: without ${show(y)}`, program: replaced(x) };
      else if (isSmall(operator, x)) yield { title: `${statement}: without ${show(x)}`, program: replaced(y) };
    }
  },
};

/** Returns true for options with small defaults; small constants are below float32's resolution. */
function isSmall({ options }: Operator, term: Term): boolean {
  if (typeof term !== 'string' || !term.startsWith('$')) return false;
  const value = options?.[term.slice(1)]?.default;
  return typeof value === 'number' && value > 0 && value <= SMALL;
}
