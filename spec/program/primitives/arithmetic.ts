import { lossNearZero } from '../../numeric/profile.js';
import { alignment, boundSum, broadcast, leastBinary, mapBinary, mapUnary, pairOf, sizeOfInterval } from '../lib/elementwise.js';
import { dividedFirst, dividedLater, productsOf } from '../lib/reordered.js';
import type { Primitive } from '../primitive.js';
import { bytes, floats } from '../scratch.js';

/**
 * Quotient x / y, which may underflow; the bound is infinite if y may be 0. If y may overflow, the
 * quotient is between 0 and x / least |y|. 0/0 of structural zeros is undecided.
 */
export const div: Primitive = {
  name: 'div',
  open: 'a divisor may be 0',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value(application) {
    const { value, zero } = mapBinary(application, 'first', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] / y[yAt ? yAt[i] : i];
    });
    if (!zero) return { value };
    const { operands, out, sizes } = application;
    const { zero: empty } = operands.y;
    if (!empty) return { value, zero };
    const at = alignment(operands.y, out, sizes);
    const only = bytes(zero.length);
    for (let i = 0; i < only.length; i++) if (zero[i] && !empty[at ? at[i] : i]) only[i] = 1;
    return { value, zero: only };
  },
  bound(application, result) {
    const { a } = application.profile;
    const loss = lossNearZero(application.profile);
    const { x, xBound, xAt, y, yBound, yAt } = pairOf(application);
    const { least: yLeast } = application.operands.y;
    const { value, zero } = result;
    const bound = floats(value.length);
    for (let i = 0; i < bound.length; i++) {
      if (zero?.[i]) continue;
      const xi = xAt ? xAt[i] : i;
      const yi = yAt ? yAt[i] : i;
      const ex = xBound ? xBound[xi] : 0;
      const ey = yBound ? yBound[yi] : 0;
      const size = Math.abs(value[i]);
      if (yLeast && yLeast[yi] > 0 && !Number.isFinite(ey)) {
        const most = ((Math.abs(x[xi]) + ex) / yLeast[yi]) * (1 + 3 * a) + loss;
        bound[i] = ex < Math.abs(x[xi]) ? Math.max(size, most - size) : most + size;
        continue;
      }
      const least = Math.abs(y[yi]) - ey;
      bound[i] = least > 0 ? (ex + size * ey) / least + 3 * a * size + loss : Infinity;
    }
    return dividedFirst(application, result, bound);
  },
  form: ({ operands: { x, y } }) => ({ kind: 'quotient', numerator: x, divisor: y }),
  least: (application) =>
    leastBinary(application, (x, y) => {
      const most = Math.max(-y.low, y.high);
      return Number.isFinite(most) ? (sizeOfInterval(x) / most) * (1 - 3 * application.profile.a) : 0;
    }),
  gradient: () => ({ x: ['div', 'dout', 'y'], y: ['scale', -1, ['div', ['mul', 'dout', 'out'], 'y']] }),
};

/** Product c · x for a number c; exact for c = ±1. */
export const scale: Primitive = {
  name: 'scale',
  parameters: [
    { name: 'c', kind: 'scalar' },
    { name: 'x', kind: 'number' },
  ],
  shape: ({ operands }) => operands.x,
  value(application) {
    const { c } = application.scalars;
    return mapUnary(application, true, (out, x) => {
      for (let i = 0; i < out.length; i++) out[i] = c * x[i];
    });
  },
  bound(application, { value, zero }) {
    const c = Math.abs(application.scalars.c);
    if (c === 1) return application.operands.x.bound;
    const { a } = application.profile;
    const loss = lossNearZero(application.profile);
    const { bound: e } = application.operands.x;
    const bound = floats(value.length);
    for (let i = 0; i < bound.length; i++) if (!zero?.[i]) bound[i] = c * (e ? e[i] : 0) + 3 * a * Math.abs(value[i]) + loss;
    return bound;
  },
  least({ operands: { x }, scalars: { c }, profile: { a } }) {
    return x.least?.map((least) => Math.min(least * Math.abs(c) * (1 - 3 * a), Number.MAX_VALUE));
  },
  gradient: ({ scalars }) => ({ x: ['scale', scalars.c, 'dout'] }),
};

/** Product x · y; a structural zero if x or y is one. */
export const mul: Primitive = {
  name: 'mul',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value: (application) =>
    mapBinary(application, 'any', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] * y[yAt ? yAt[i] : i];
    }),
  bound(application, result) {
    const { a } = application.profile;
    const loss = lossNearZero(application.profile);
    const { x, xBound, xAt, y, yBound, yAt } = pairOf(application);
    const { value, zero } = result;
    const bound = floats(value.length);
    // the most frequent elements of a program: no callback
    for (let i = 0; i < bound.length; i++) {
      if (zero?.[i]) continue;
      const xi = xAt ? xAt[i] : i;
      const yi = yAt ? yAt[i] : i;
      const ex = xBound ? xBound[xi] : 0;
      const ey = yBound ? yBound[yi] : 0;
      bound[i] = ex * Math.abs(y[yi]) + ey * Math.abs(x[xi]) + ex * ey + a * Math.abs(value[i]) + loss;
    }
    return dividedLater(application, result, bound);
  },
  form: productsOf,
  least: (application) => leastBinary(application, (x, y) => sizeOfInterval(x) * sizeOfInterval(y) * (1 - application.profile.a)),
  gradient: () => ({ x: ['mul', 'dout', 'y'], y: ['mul', 'dout', 'x'] }),
};

/** x − y. */
export const sub: Primitive = {
  name: 'sub',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value: (application) =>
    mapBinary(application, 'both', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] - y[yAt ? yAt[i] : i];
    }),
  bound: boundSum,
  least: (application) =>
    leastBinary(application, (x, y) => sizeOfInterval({ low: x.low - y.high, high: x.high - y.low }) * (1 - application.profile.a)),
  gradient: () => ({ x: 'dout', y: ['scale', -1, 'dout'] }),
};

/** x + y. */
export const add: Primitive = {
  name: 'add',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
  ],
  shape: broadcast,
  value: (application) =>
    mapBinary(application, 'both', (out, x, xAt, y, yAt) => {
      for (let i = 0; i < out.length; i++) out[i] = x[xAt ? xAt[i] : i] + y[yAt ? yAt[i] : i];
    }),
  bound: boundSum,
  least: (application) =>
    leastBinary(application, (x, y) => sizeOfInterval({ low: x.low + y.low, high: x.high + y.high }) * (1 - application.profile.a)),
  gradient: () => ({ x: 'dout', y: 'dout' }),
};
