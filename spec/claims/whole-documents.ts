import { differentiableInputs, hasLse } from '../operator/facts.js';
import type { Capabilities, Operator } from '../types/documents.js';

/** Claims of everything in operator documents: all options, inputs, outputs and gradients. */
export function wholeDocuments(
  operators: readonly Operator[],
): Required<Pick<Capabilities, 'operators' | 'options' | 'outputs'>> & { gradients: string[] } {
  const distinct = (namesOf: (operator: Operator) => Iterable<string>) => [
    ...new Set(operators.flatMap((operator) => [...namesOf(operator)])),
  ];
  const gradients = distinct(differentiableInputs);
  return {
    operators: distinct(({ name }) => [name]) as [string, ...string[]],
    options: distinct(({ options, optional }) => [...Object.keys(options ?? {}), ...Object.keys(optional ?? {})]),
    outputs: distinct(({ outputs }) => Object.keys(outputs)),
    gradients: operators.some(hasLse) ? [...gradients, 'dlse'] : gradients,
  };
}
