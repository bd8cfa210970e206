import { memoised } from '../memoised.js';
import type { Operator, OperatorInput } from '../types/documents.js';

/** The operator whose inputs are all stored in the case's type, whatever its document says: itself if it says nothing of types. */
export const inOneStorage: (operator: Operator) => Operator = memoised((operator: Operator) => {
  const { inputs, optional } = operator;
  if (![...Object.values(inputs), ...Object.values(optional ?? {})].some(hasType)) return operator;
  return { ...operator, inputs: mapped(inputs), ...(optional && { optional: mapped(optional) }) };
});

function hasType(input: OperatorInput): boolean {
  return !Array.isArray(input) && input.stored !== undefined;
}

function mapped(inputs: Readonly<Record<string, OperatorInput>>): Record<string, OperatorInput> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => {
      if (Array.isArray(input)) return [name, input];
      const { stored: _, ...others } = input;
      return [name, others];
    }),
  );
}
