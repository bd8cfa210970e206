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
