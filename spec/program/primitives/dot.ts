import { contractionBound, contractionValue } from '../lib/contraction.js';
import { dividedLater, productsOf } from '../lib/reordered.js';
import { sumsOver } from '../lib/sums-of-products.js';
import { tf32Error } from '../lib/tf32.js';
import { weightedMeanBound } from '../lib/weighted-mean.js';
import { type Primitive, TermError } from '../primitive.js';
import { type ProgramTensor, union, without } from '../tensor.js';

/** Contraction Σ x·y over shared axes, without structural zeros; other axes align by name. */
export const dot: Primitive = {
  name: 'dot',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
    { name: 'axes', kind: 'axes' },
  ],
  shape({ operands: { x, y }, axes }) {
    for (const axis of axes) {
      for (const [place, type] of [
        ['first', x],
        ['second', y],
      ] as const) {
        if (!type.axes.includes(axis)) {
          throw new TermError(`the ${place} operand has no axis "${axis}" to contract, it has: ${type.axes.join(' ') || 'none'}`);
        }
      }
    }
    return { kind: 'number', axes: without(union(x.axes, y.axes), axes) };
  },
  value(application) {
    const { x, y } = application.operands;
    return contractionValue(x, y, sumsOver(application, x, y));
  },
  bound(application, result) {
    const { x, y } = application.operands;
    const { profile, axes } = application;
    const over = (t: ProgramTensor) => axes.length === 1 && t.softmax?.axis === axes[0];
    if (over(x)) return weightedMeanBound(application, x, y, result);
    if (over(y)) return weightedMeanBound(application, y, x, result);
    const declared = tf32Error(profile) + (x.prescaled || y.prescaled ? profile.u : 0);
    const bound = contractionBound(x, y, sumsOver(application, x, y), profile, declared);
    return dividedLater(application, result, bound);
  },
  form: productsOf,
  gradient({ operands: { x, y } }) {
    const term = (other: string, axes: string[]) => (axes.length > 0 ? ['dot', 'dout', other, ...axes] : ['mul', 'dout', other]);
    return { x: term('y', without(y.axes, x.axes)), y: term('x', without(x.axes, y.axes)) };
  },
};
