import type { Capabilities, Operator, OperatorInput } from '../types/documents.js';

/** Claims about the stored types of inputs. */
export type StorageClaims = Pick<Capabilities, 'mixedStorage' | 'stored'>;

/** Operator with an implementation's input types, by its claims `stored` and `mixedStorage`. */
export function storedAs(operator: Operator, { mixedStorage = true, stored = {} }: StorageClaims): Operator {
  const changes = ([name, input]: [string, OperatorInput]) => Object.hasOwn(stored, name) || (!mixedStorage && typeOf(input) !== undefined);
  const { inputs, optional } = operator;
  if (!Object.entries({ ...inputs, ...optional }).some(changes)) return operator;
  const of = (all: Readonly<Record<string, OperatorInput>>) =>
    Object.fromEntries(
      Object.entries(all).map(([name, input]) => [name, changes([name, input]) ? withType(input, stored[name]) : input] as const),
    );
  return { ...operator, inputs: of(inputs), ...(optional && { optional: of(optional) }) };
}

function typeOf(input: OperatorInput) {
  return Array.isArray(input) ? undefined : input.stored;
}

function withType(input: OperatorInput, type: NonNullable<Capabilities['stored']>[string] | undefined): OperatorInput {
  const { stored: _, ...others } = Array.isArray(input) ? { axes: input } : input;
  return { ...others, ...(type && { stored: type }) };
}
