import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import { commonAxes, declaredAxes, hasOutput, ownAxes, secondForm } from '../operator/facts.js';
import { resultsOf } from '../operator/loops.js';
import type { Operator } from '../types/documents.js';
import { buildProgram, documentOf } from './build.js';
import { atSecond, bindingWith } from './check.js';
import { without } from './tensor.js';

/** Checks the axes of every output. @throws {DocumentError} at the first fault. */
export function checkOutputs(operator: Operator, document = documentOf(operator)): void {
  checkAxes(operator, document);
  const second = secondForm(operator);
  if (second) atSecond(() => checkAxes(second, document));
}

function checkSets(operator: Operator, document: string): void {
  for (const [name, { of, slots }] of Object.entries(operator.sets ?? {})) {
    const path = `$.sets.${name}`;
    const others = Object.keys(operator.outputs).filter((output) => output !== 'o' && output !== 'lse');
    if (!others.includes(name)) throw new DocumentError(document, path, `names no output beside o and lse; ${nearestNames(name, others)}`);
    const last = operator.outputs[name].at(-1);
    if (of !== last) throw new DocumentError(document, `${path}.of`, `found "${of}", must be the last axis of ${name}, "${last}"`);
    const own = ownAxes(operator);
    if (!own.includes(slots))
      throw new DocumentError(
        document,
        `${path}.slots`,
        `found "${slots}", must be an axis that the operator declares; ${nearestNames(slots, own)}`,
      );
  }
}

function checkAxes(operator: Operator, document: string): void {
  if (!hasOutput(operator, 'o')) throw new DocumentError(document, '$.outputs', '"o" is missing: it is the output that is judged');
  checkSets(operator, document);
  const inUse = new Set([...Object.values(declaredAxes(operator)).flat(), ...Object.keys(operator.axes ?? {})]);
  const common: readonly string[] = commonAxes;
  const { outputs } = buildProgram(operator, bindingWith(operator, Object.keys(operator.optional ?? {}), true), document);
  for (const [name, allowed] of Object.entries(operator.outputs)) {
    const found = outputs.get(name)?.type.axes ?? [];
    const unknown = allowed.find((axis) => !inUse.has(axis) && !common.includes(axis));
    if (unknown !== undefined)
      throw new DocumentError(
        document,
        `$.outputs.${name}`,
        `found axis "${unknown}", which no input has and "axes" does not declare; ${nearestNames(unknown, inUse)}`,
      );
    const path = `$.program[${operator.program.findIndex((statement) => resultsOf([statement]).includes(name))}][1]`;
    const excess = without(found, allowed).filter((axis) => inUse.has(axis));
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
