import { each, mapUnary } from '../lib/elementwise.js';
import { stepBound } from '../lib/steps.js';
import type { Primitive } from '../primitive.js';

/** Nearest whole number, ties to even. Without gradient; undecided if x ± e contains a tie. */
export const round: Primitive = {
  name: 'round',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, each(nearestEven)),
  bound: (application, result) => stepBound(application, result, nearestEven),
  gradient: () => ({}),
};

function nearestEven(x: number): number {
  const whole = Math.floor(x);
  const part = x - whole;
  return part < 0.5 || (part === 0.5 && whole % 2 === 0) ? whole : whole + 1;
}

/** Largest whole number up to x. Without gradient; undecided if x ± e contains a whole number. */
export const floor: Primitive = {
  name: 'floor',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, each(Math.floor)),
  bound: (application, result) => stepBound(application, result, Math.floor),
  gradient: () => ({}),
};
