import { memoised } from '../lib/memoised.js';
import type { Operator } from '../types/documents.js';
import { inputsOf } from './facts.js';
import { lawsWith } from './laws.js';

/** State that an operator carries from token to token, as its laws tell. */
export interface CarriedState {
  /** Input: the state before the first token. */
  readonly input: string;
  /** Output: the state after the last token. */
  readonly output: string;
  /** Inputs other than the state in which, together with it, the outputs are linear. */
  readonly driving: readonly string[];
}

/**
 * Returns the state that an operator carries: a run over all tokens is a run over the first ones and, from the state after them, one over
 * the others. Returns undefined if its laws name no such state, or several.
 */
export const carriedState: (operator: Pick<Operator, 'laws'>) => CarriedState | undefined = memoised((operator: Pick<Operator, 'laws'>) => {
  const split = lawsWith(operator, 'split').find((law) => law.split === 'n');
  const [pair, ...more] = Object.entries(split?.state ?? {});
  if (!pair || more.length > 0) return undefined;
  const [input, output] = pair;
  const driven = lawsWith(operator, 'linear').find(({ linear }) => linear.includes(input));
  return { input, output, driving: driven?.linear.filter((name) => name !== input) ?? [] };
});

/** Packed segments of an operator that carries a state, each of which has its own. */
export interface PackedSegments {
  /** Input: the segment of each token. */
  readonly input: string;
  /** Axis of the state that has a place for each segment. */
  readonly axis: string;
}

/** Returns the packed segments of an operator that carries a state; undefined if it has one state alone, or none. */
export const packedSegments: (operator: Operator) => PackedSegments | undefined = memoised((operator: Operator) => {
  const carried = carriedState(operator);
  const axes = carried ? operator.outputs[carried.output] : [];
  const found = Object.entries(inputsOf(operator)).find(
    ([, { of, axes: own }]) => of !== undefined && own.join() === 'n' && axes.includes(of),
  );
  return found && { input: found[0], axis: found[1].of as string };
});
