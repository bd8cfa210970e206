import { DocumentError } from '../documents.js';
import { axesOf, declaredAxes } from '../operator/facts.js';
import type { Operator } from '../types/documents.js';
import { buildProgram, documentOf } from './build.js';
import { bindingWith } from './check.js';
import { without } from './tensor.js';

/**
 * Checks the axes of the judged outputs: `o` [b, hk, g, m, e] and `lse` [b, hk, g, m], with n instead of m when queries and
 * keys share an axis. An axis that occurs in no input has size 1 and may be left out. An excess axis is usually a missing contraction.
 * @throws {DocumentError} when output `o` is missing, or at the statement that gives an output with wrong axes.
 */
export function checkOutputs(operator: Operator, document = documentOf(operator)): void {
  if (!operator.outputs.includes('o')) throw new DocumentError(document, '$.outputs', '"o" is missing: it is the output that is judged');
  const inUse = new Set(Object.values(declaredAxes(operator)).flat());
  const { outputs } = buildProgram(operator, bindingWith(operator, Object.keys(operator.optional ?? {}), true), document);
  for (const name of ['o', 'lse']) {
    const found = outputs.get(name)?.type.axes;
    if (!found) continue;
    const allowed = axesOf(operator, name) as readonly string[];
    const path = `$.program[${operator.program.findIndex(([statement]) => statement === name)}][1]`;
    const excess = without(found, allowed);
    const lacking = without(allowed, found).filter((axis) => inUse.has(axis));
    const must = `it must be [${allowed.join(', ')}]`;
    if (excess.length > 0)
      throw new DocumentError(
        document,
        path,
        `${name} has the axis ${excess.join(' and ')}; ${must}: contract ${excess.join(' and ')} with "dot" or "sum"`,
      );
    if (lacking.length > 0)
      throw new DocumentError(
        document,
        path,
        `${name} lacks the axis ${lacking.join(' and ')}; ${must}: do not contract it, or bring it in with an operand or "expand"`,
      );
  }
}
