import { memoised } from '../lib/memoised.js';
import type { Operator } from '../types/documents.js';
import { declaredAxes, flatAxesOf, inputsOf } from './facts.js';

type Inputs = Pick<Operator, 'inputs' | 'optional'>;

/**
 * Names of the inputs of which a cache keeps a row for each token of a sequence: those that the document says so of, or k and v of operators that
 * have q, k and v as softmax attention has them.
 */
export const cachedInputs: (operator: Inputs) => readonly string[] = memoised((operator: Inputs) => {
  const named = Object.entries(inputsOf(operator)).flatMap(([name, { cached }]) => (cached ? [name] : []));
  if (named.length > 0) return named;
  const { q, k, v } = declaredAxes(operator);
  const isPlain = q?.join() === 'b,hk,g,m,d' && k?.join() === 'b,hk,n,d' && v?.join() === 'b,hk,n,e';
  return isPlain ? ['k', 'v'] : [];
});

/** Names of the required inputs with a row for each query of a call, and none for a key. */
export const queryInputs: (operator: Inputs) => readonly string[] = memoised((operator: Inputs) =>
  Object.entries(inputsOf(operator)).flatMap(([name, { axes, optional, kind }]) =>
    !optional && kind === 'number' && axes[0] === 'b' && axes.includes('m') && !axes.includes('n') ? [name] : [],
  ),
);

/** The place of the axis of queries or keys among the axes that an input's tensor has. */
export function tokenPlace(operator: Inputs, name: string): number {
  return flatAxesOf(inputsOf(operator)[name].axes).findIndex((axis) => axis === 'm' || axis === 'n');
}

/** The axes of an input's tensor that one token has: those between batch and tokens, then those after the tokens. */
export function axesOfToken(operator: Inputs, name: string): string[] {
  return flatAxesOf(inputsOf(operator)[name].axes).filter((axis) => axis !== 'b' && axis !== 'm' && axis !== 'n');
}
