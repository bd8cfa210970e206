import type { Operator, Term } from '../../../../spec/types/documents.js';
import type { Mutator } from './mutator.js';
import { applicationsOf, show } from './places.js';

/** Drops a scale factor. */
export const scaleLeftOut: Mutator = {
  id: 'scale-left-out',
  imitates: 'https://github.com/SKaiNET-developers/SKaiNET/pull/880',
  *faults({ program }) {
    for (const { term, statement, with: replaced } of applicationsOf(program, 'scale')) {
      const [, by, x] = term;
      if (by !== -1 && by !== 1) yield { title: `${statement}: ${show(x)} is not scaled by ${show(by)}`, program: replaced(x) };
    }
  },
};

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

/** Largest summand that only keeps a divisor from 0. */
const SMALL = 1e-3;

/** Drops the small summand that keeps a divisor or norm from 0. */
export const epsLeftOut: Mutator = {
  id: 'eps-left-out',
  imitates: 'a norm without its eps, or with the eps of another layer',
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

/** Drops a condition, so that hidden values count, e.g. keys under a mask. */
export const conditionLeftOut: Mutator = {
  id: 'condition-left-out',
  imitates: 'a mask that reaches one of two paths, padding that is summed, a stop that is lost when a loop is unrolled',
  *faults({ program }) {
    for (const { term, statement, with: replaced } of applicationsOf(program, 'where', 'softmax', 'logsumexp')) {
      const [name, first, x] = term;
      if (name === 'where') {
        yield { title: `${statement}: ${show(x)} counts even where ${show(first)} excludes it`, program: replaced(['where', first, x, x]) };
        continue;
      }
      const attributes = term.at(-1) as unknown as Record<string, string>;
      if (typeof attributes !== 'object' || Array.isArray(attributes) || !('where' in attributes)) continue;
      const { where, ...kept } = attributes;
      const others = [...term.slice(0, -1), ...(Object.keys(kept).length > 0 ? [kept] : [])];
      yield { title: `${statement}: the ${name} is over all elements, and ${where} is ignored`, program: replaced(others as Term) };
    }
  },
};
