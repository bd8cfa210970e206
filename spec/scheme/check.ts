import { checkExpression } from '../expression/check.js';
import { DocumentError } from '../lib/documents.js';
import type { Expression, Scheme, Volume } from '../types/documents.js';
import { schemeNames } from './world.js';

/** Checks the names in a scheme's expressions. @throws {DocumentError} at the first fault. */
export function checkScheme(scheme: Scheme, document = `scheme ${scheme.name}`): void {
  const known = new Set<string>(schemeNames);
  for (const [x, name] of (scheme.given ?? []).entries()) {
    if (known.has(name) || name === 't' || name === 'r')
      throw new DocumentError(document, `$.given[${x}]`, `"${name}" is already the name of a size; give it another name`);
    known.add(name);
  }
  const check = (expression: Expression, path: string, type: 'number' | 'boolean', more: readonly string[] = []) =>
    checkExpression(expression, { values: [...known, ...more], tables: [] }, document, path, type);
  for (const [name, expression] of Object.entries(scheme.parameters ?? {})) {
    if (known.has(name) || name === 't' || name === 'r')
      throw new DocumentError(document, `$.parameters.${name}`, `"${name}" is already taken; give it another name`);
    check(expression, `$.parameters.${name}`, 'number');
    known.add(name);
  }
  if (scheme.parts !== undefined) check(scheme.parts, '$.parts', 'number');
  if (scheme.copies !== undefined) check(scheme.copies, '$.copies', 'number');
  if (scheme.unit !== undefined) check(scheme.unit, '$.unit', 'number');
  if (scheme.layout !== 'solved') check(scheme.layout, '$.layout', 'number', ['t']);
  for (const [x, { holds }] of scheme.needs.entries()) check(holds, `$.needs[${x}].holds`, 'boolean');
  for (const direction of ['forward', 'backward'] as const) {
    const terms: Volume = scheme.volume[direction] ?? [];
    for (const [x, { elements, each, width }] of terms.entries()) {
      const path = `$.volume.${direction}[${x}]`;
      if ((elements === undefined) === (each === undefined || width === undefined))
        throw new DocumentError(document, path, 'must have either "elements", or both "each" and "width"');
      if (each !== undefined && scheme.queries === 'replicated')
        throw new DocumentError(
          document,
          `${path}.each`,
          'must be absent: it counts elements sent to and from the owner of a query, but in this scheme every rank has all queries',
        );
      if (elements !== undefined) check(elements, `${path}.elements`, 'number', ['r']);
      if (width !== undefined) check(width, `${path}.width`, 'number', each === 'token' || each === 'token-return' ? ['r', 's', 't'] : []);
    }
  }
  for (const [mask, balance] of Object.entries(scheme.balance)) {
    const most = typeof balance === 'object' && !Array.isArray(balance) && 'most' in balance ? balance.most : (balance as Expression);
    check(most, `$.balance.${mask}`, 'number');
  }
}
