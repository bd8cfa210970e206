import { inputsOf, listedMasks, optionalNames } from '../../../spec/operator/facts.js';
import type { Capabilities, Limits, Operator } from '../../../spec/types/documents.js';

/** Sizes for which a program is evaluated in time: its terms may have an element for every pair of tokens and of channels. */
const limits: Limits = { m: { max: 96 }, n: { max: 96 }, d: { max: 24 }, e: { max: 24 } };

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
    limits,
    strided: true,
    deterministic: { forward: true, backward: true },
    batchInvariant: true,
    numeric: { accumulate: 'f32' },
  };
}
