import { evaluateExpression } from '../expression/evaluate.js';
import type { Case, Operator } from '../types/documents.js';

/** Scalars of a case by name: parameters of its mask, and options of its operator, with their defaults. */
export type CaseScalars = Readonly<Record<string, number>>;

/** Collects the scalars of a case, besides its sizes, that a scheme's expressions may name (`given` in the scheme's document). */
export function caseScalarsOf(
  { operators }: { readonly operators: ReadonlyMap<string, Operator> },
  { operator, mask, options, dims }: Case,
): CaseScalars {
  const scalars: Record<string, number> = {};
  for (const [name, option] of Object.entries(operators.get(operator)?.options ?? {})) {
    const value = options[name];
    if (typeof value === 'number') scalars[name] = value;
    else if (option.default !== null) scalars[name] = evaluateExpression(option.default, (size) => dims[size.slice(1)]);
  }
  const parameters = 'name' in mask ? (mask.parameters ?? {}) : {};
  for (const [name, value] of Object.entries(parameters)) if (typeof value === 'number') scalars[name] = value;
  return scalars;
}
