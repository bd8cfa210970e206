import type { Operator, OperatorInput } from '../types/documents.js';

const known = new WeakMap<Operator, Operator>();

/** The operator whose inputs are all stored in the case's type, whatever its document says: itself if it says nothing of types. */
export function inOneStorage(operator: Operator): Operator {
  const found = known.get(operator) ?? withoutTypes(operator);
  known.set(operator, found);
  return found;
}

function withoutTypes(operator: Operator): Operator {
  const { inputs, optional } = operator;
  if (![...Object.values(inputs), ...Object.values(optional ?? {})].some(hasType)) return operator;
  return { ...operator, inputs: mapped(inputs), ...(optional && { optional: mapped(optional) }) };
}

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
