import { each, mapUnary } from '../lib/elementwise.js';
import { stepBound } from '../lib/steps.js';
import type { Primitive } from '../primitive.js';

/** Largest whole number up to x. Without gradient; undecided if x ± e contains a whole number. */
export const floor: Primitive = {
  name: 'floor',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, each(Math.floor)),
  bound: (application, result) => stepBound(application, result, Math.floor),
  gradient: () => ({}),
};
