import { evaluateExpression } from '../expression/evaluate.js';
import type { Case, Operator } from '../types/documents.js';

/** Numbers of a case by name: parameters of its mask, and options of its operator, with their defaults. */
export type Given = Readonly<Record<string, number>>;

/** Collects the numbers of a case, besides its sizes, that a scheme's expressions may name (`given` in the scheme's document). */
export function givenOf(
  { operators }: { readonly operators: ReadonlyMap<string, Operator> },
  { operator, mask, options, dims }: Case,
): Given {
  const given: Record<string, number> = {};
  for (const [name, option] of Object.entries(operators.get(operator)?.options ?? {})) {
    const value = options[name];
    if (typeof value === 'number') given[name] = value;
    else if (option.default !== null) given[name] = evaluateExpression(option.default, (size) => dims[size.slice(1)]);
  }
  const parameters = 'name' in mask ? (mask.parameters ?? {}) : {};
  for (const [name, value] of Object.entries(parameters)) if (typeof value === 'number') given[name] = value;
  return given;
}
