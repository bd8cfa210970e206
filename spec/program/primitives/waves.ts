import { each, mapUnary } from '../lib/elementwise.js';
import { waveBound } from '../lib/wave.js';
import type { Primitive } from '../primitive.js';

/** cos x, for x in radians. */
export const cos: Primitive = {
  name: 'cos',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, false, each(Math.cos)),
  bound: (application, result) => waveBound(application, result, Math.sin),
  gradient: () => ({ x: ['scale', -1, ['mul', 'dout', ['sin', 'x']]] }),
};

/** sin x, for x in radians. */
export const sin: Primitive = {
  name: 'sin',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, each(Math.sin)),
  bound: (application, result) => waveBound(application, result, Math.cos),
  gradient: () => ({ x: ['mul', 'dout', ['cos', 'x']] }),
};
