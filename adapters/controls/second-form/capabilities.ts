import { inputsOf, listedMasks, optionalNames } from '../../../spec/operator/facts.js';
import type { Capabilities, Operator } from '../../../spec/types/documents.js';

/** Claims of a kernel that evaluates programs: all that their documents define, in f32. Masks that none of them lists come dense. */
export function capabilitiesOf(operators: readonly Operator[]): Capabilities {
  const distinct = (namesOf: (operator: Operator) => Iterable<string>) => [...new Set(operators.flatMap((o) => [...namesOf(o)]))];
  const hasLse = operators.some(({ outputs }) => Object.hasOwn(outputs, 'lse'));
  const gradients = distinct((o) => Object.entries(inputsOf(o)).flatMap(([name, { gradient }]) => (gradient ? [name] : [])));
  return {
    dtypes: ['f32'],
    operators: distinct(({ name }) => [name]) as [string, ...string[]],
    masks: distinct((operator) => ['full', ...(listedMasks(operator) ?? [])]),
    denseMask: 'boolean',
    options: distinct((operator) => [...Object.keys(operator.options ?? {}), ...optionalNames(operator)]),
    outputs: distinct((operator) => Object.keys(operator.outputs)),
    gradients: hasLse ? [...gradients, 'dlse'] : gradients,
    strided: true,
    deterministic: { forward: true, backward: true },
    batchInvariant: true,
    numeric: { accumulate: 'f32' },
  };
}
