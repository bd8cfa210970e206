import { erf as errorFunction } from '../../numeric/erf.js';
import { boundUnary, each, mapUnary } from '../lib/elementwise.js';
import type { Primitive } from '../primitive.js';

/** elu(x) + 1: x + 1 above 0, eˣ below (https://arxiv.org/abs/2006.16236, equation 7). */
export const elu1: Primitive = {
  name: 'elu1',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) =>
    mapUnary(
      application,
      false,
      each((x) => (x > 0 ? x + 1 : Math.exp(x))),
    ),
  bound(application, result) {
    const { a, exp } = application.profile;
    return boundUnary(application, result, (x, e, r) => {
      const steepest = x + e > 0 ? 1 : Math.exp(x + e);
      // absolute near 0: expm1(x) + 1 cancels
      return (e === 0 ? 0 : steepest * e) + 4 * a * Math.max(1, r) + exp * Math.min(1, r);
    });
  },
  // the slope below 0 is the result itself, with the same absolute error
  gradient: () => ({ x: ['mul', 'dout', ['where', ['positive', 'x'], 1, 'out']] }),
};

/**
 * erf x = 2/√π ∫₀ˣ exp(−t²) dt, with the absolute bound 6a + 18a(1 − |r|). Abramowitz and Stegun
 * 7.1.26, which libraries use in f32, subtracts a polynomial times exp(−x²) from 1. Near 0 it errs
 * by 1.5·10⁻⁷ = 2.5a, 7a from its variable, 4.5a from constants, 7.4a from Horner's scheme, and a
 * each from product and exponential.
 */
export const erf: Primitive = {
  name: 'erf',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, each(errorFunction)),
  bound(application, result) {
    const { a } = application.profile;
    return boundUnary(application, result, (x, e, r, least) => {
      const steepest = (2 / Math.sqrt(Math.PI)) * Math.exp(-(Math.max(0, Math.abs(x) - e) ** 2));
      // a number that may overflow keeps its sign, so its result is near ±1
      const change = Number.isFinite(e) ? Math.min(steepest * e, 2) : least > 0 ? 1 - errorFunction(least) : Infinity;
      return change + 6 * a + 18 * a * (1 - Math.abs(r));
    });
  },
  gradient: () => ({ x: ['mul', 'dout', ['scale', 2 / Math.sqrt(Math.PI), ['exp', ['scale', -1, ['mul', 'x', 'x']]]]] }),
};

/** tanh x. */
export const tanh: Primitive = {
  name: 'tanh',
  parameters: [{ name: 'x', kind: 'number' }],
  shape: ({ operands }) => operands.x,
  value: (application) => mapUnary(application, true, each(Math.tanh)),
  bound(application, result) {
    const { a } = application.profile;
    return boundUnary(application, result, (x, e, r, least) => {
      const steepest = 1 / Math.cosh(Math.max(0, Math.abs(x) - e)) ** 2;
      // a number that may overflow keeps its sign, so its result is near ±1
      const change = Number.isFinite(e) ? Math.min(steepest * e, 2) : least > 0 ? 1 - Math.tanh(least) : Infinity;
      return change + 6 * a * Math.abs(r);
    });
  },
  gradient: () => ({ x: ['mul', 'dout', ['sub', 1, ['mul', 'out', 'out']]] }),
};
