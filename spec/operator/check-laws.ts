import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import type { Law, Operator } from '../types/documents.js';
import { outsideDomain } from './domain.js';
import { axesOf, declaredAxes, inputsOf } from './facts.js';

/** Checks the names in laws. @throws {DocumentError} at the first unknown or misplaced name. */
export function checkLaws(operator: Operator, document: string, operators: ReadonlyMap<string, Operator>): void {
  for (const [i, law] of (operator.laws ?? []).entries())
    if (typeof law === 'object') checkLaw(operator, law, document, `$.laws[${i}]`, operators);
}

function checkLaw(
  operator: Operator,
  law: Exclude<Law, string>,
  document: string,
  path: string,
  operators: ReadonlyMap<string, Operator>,
): void {
  const inputs = Object.keys(declaredAxes(operator));
  const outputs = Object.keys(operator.outputs);
  const options = Object.keys(operator.options ?? {});
  const known = (key: string, names: Iterable<string>, allowed: Iterable<string>) => {
    const all = [...allowed];
    for (const name of names)
      if (!all.includes(name)) throw new DocumentError(document, `${path}.${key}`, `found "${name}"; ${nearestNames(name, all)}`);
  };
  const along = (key: string, names: Iterable<string>, axis: string) => {
    for (const name of names)
      if (!axesOf(operator, name)?.includes(axis)) throw new DocumentError(document, `${path}.${key}`, `${name} has no axis "${axis}"`);
  };
  if ('when' in law) {
    known('when', Object.keys(law.when ?? {}), [...options, ...inputs]);
    for (const [name, value] of Object.entries(law.when ?? {})) {
      const mend = name in inputsOf(operator) ? outsideDomain(inputsOf(operator)[name], value) : undefined;
      if (mend !== undefined) throw new DocumentError(document, `${path}.when.${name}`, `found ${value}, ${mend}`);
    }
  }
  if ('linear' in law) known('linear', law.linear, inputs);
  if ('permute' in law) {
    known('together', law.together, inputs);
    known('outputs', law.outputs ?? [], outputs);
    along('together', law.together, law.permute);
    along('outputs', law.outputs ?? [], law.permute);
  }
  if ('rowsSumTo' in law) {
    known('values', law.values ?? ['v'], inputs);
    known('keys', law.keys ?? [], inputs);
    if (law.keys) along('keys', law.keys.slice(0, 1), 'n');
  }
  if ('equals' in law) known('equals', [law.equals], operators.keys());
  if ('split' in law) {
    known('state', Object.keys(law.state), inputs);
    known('state', Object.values(law.state), outputs);
  }
}
