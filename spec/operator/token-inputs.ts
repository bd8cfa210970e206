import { memoised } from '../lib/memoised.js';
import type { Operator } from '../types/documents.js';
import { declaredAxes, flatAxesOf, inputsOf } from './facts.js';

type Inputs = Pick<Operator, 'inputs' | 'optional'>;

/** Inputs that a cache stores per token: declared ones, or k and v of softmax attention. */
export const cachedInputs: (operator: Inputs) => readonly string[] = memoised((operator: Inputs) => {
  const named = Object.entries(inputsOf(operator)).flatMap(([name, { cached }]) => (cached ? [name] : []));
  if (named.length > 0) return named;
  const { q, k, v } = declaredAxes(operator);
  const isPlain = q?.join() === 'b,hk,g,m,d' && k?.join() === 'b,hk,n,d' && v?.join() === 'b,hk,n,e';
  return isPlain ? ['k', 'v'] : [];
});

/** Required inputs with a row per query but not per key. */
export const queryInputs: (operator: Inputs) => readonly string[] = memoised((operator: Inputs) =>
  Object.entries(inputsOf(operator)).flatMap(([name, { axes, optional, kind }]) =>
    !optional && kind === 'number' && axes[0] === 'b' && axes.includes('m') && !axes.includes('n') ? [name] : [],
  ),
);

/** Index of the query or key axis in an input's tensor. */
export function tokenPlace(operator: Inputs, name: string): number {
  return flatAxesOf(inputsOf(operator)[name].axes).findIndex((axis) => axis === 'm' || axis === 'n');
}

/** Axes of one token in an input's tensor: all but b, m and n. */
export function axesOfToken(operator: Inputs, name: string): string[] {
  return flatAxesOf(inputsOf(operator)[name].axes).filter((axis) => axis !== 'b' && axis !== 'm' && axis !== 'n');
}
