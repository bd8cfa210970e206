import { memoised } from '../lib/memoised.js';
import type { Operator } from '../types/documents.js';
import { inputsOf } from './facts.js';
import { lawsWith } from './laws.js';

/** State that an operator carries from token to token, according to its laws. */
export interface CarriedState {
  /** Input: state before the first token. */
  readonly input: string;
  /** Output: state after the last token. */
  readonly output: string;
  /** Inputs in which, together with the state, the outputs are linear. */
  readonly driving: readonly string[];
}

/** Carried state, if the laws name one: from it, the operator can run on with later tokens. */
export const carriedState: (operator: Pick<Operator, 'laws'>) => CarriedState | undefined = memoised((operator: Pick<Operator, 'laws'>) => {
  const split = lawsWith(operator, 'split').find((law) => law.split === 'n');
  const [pair, ...more] = Object.entries(split?.state ?? {});
  if (!pair || more.length > 0) return undefined;
  const [input, output] = pair;
  const driven = lawsWith(operator, 'linear').find(({ linear }) => linear.includes(input));
  return { input, output, driving: driven?.linear.filter((name) => name !== input) ?? [] };
});

/** Packed segments of an operator that carries a state for each segment. */
export interface PackedSegments {
  readonly input: string;
  /** Axis of the state that counts segments. */
  readonly axis: string;
}

/** Packed segments of an operator; undefined if it carries one state or no state. */
export const packedSegments: (operator: Operator) => PackedSegments | undefined = memoised((operator: Operator) => {
  const carried = carriedState(operator);
  const axes = carried ? operator.outputs[carried.output] : [];
  const found = Object.entries(inputsOf(operator)).find(
    ([, { of, axes: own }]) => of !== undefined && own.join() === 'n' && axes.includes(of),
  );
  return found && { input: found[0], axis: found[1].of as string };
});
