import { checkExpression } from '../expression/check.js';
import { evaluateExpression } from '../expression/evaluate.js';
import { matches } from '../lib/partial.js';
import type { SpecLibrary } from '../spec-library.js';
import type { Case, Exclude, Expression } from '../types/documents.js';
import type { FullCapabilities } from './capabilities.js';

/**
 * First entry of `excludes` that matches a call: `gradients: true` means the backward pass, `where`
 * holds for its sizes and the parameters of its mask, and the rest is a part of its case.
 */
export function excludedBy({ excludes }: Pick<FullCapabilities, 'excludes'>, c: Case, backward: boolean): Exclude | undefined {
  return excludes.find(
    ({ gradients, where, ...partial }) =>
      (gradients === undefined || gradients === backward) && matches(partial, c) && (where === undefined || holds(where, c)),
  );
}

/** False if a name has no number in the case, as in a part of one. */
function holds(where: Expression, { dims, mask }: Partial<Case>): boolean {
  const values: Record<string, unknown> = { ...dims, ...(mask && 'parameters' in mask ? mask.parameters : {}) };
  let known = true;
  const result = evaluateExpression(where, (name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (typeof value === 'number') return value;
    known = false;
    return 0;
  });
  return known && result !== 0;
}

const sizes = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'];

/** @throws {DocumentError} for a `where` that is no condition on sizes and parameters of claimed masks. */
export function checkExcludes(library: SpecLibrary, { excludes, masks }: FullCapabilities, document: string): void {
  for (const [at, { where, mask }] of excludes.entries()) {
    if (where === undefined) continue;
    const named = typeof mask === 'object' && mask !== null && 'name' in mask ? [String(mask.name)] : masks;
    const parameters = named.flatMap((name) => Object.keys(library.masks.get(name)?.parameters ?? {}));
    checkExpression(where, { values: [...sizes, ...parameters], tables: [] }, document, `$.excludes[${at}].where`, 'boolean');
  }
}
