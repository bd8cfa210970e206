import { checkExpression } from '../expression/check.js';
import { DocumentError } from '../lib/documents.js';
import type { MaskSpec } from '../types/documents.js';
import { type TableRule, tableRules } from './tables/tables.js';

const given = ['b', 'h', 'i', 'j', 'heads', 'm', 'n', 'offset', 'exclusive'];
const checked = new WeakSet<MaskSpec>();

/** Checks a mask's document beyond its schema, once. @throws {DocumentError} at the first fault. */
export function checkMaskSpec(spec: MaskSpec, document = `mask "${spec.name}"`): void {
  if (checked.has(spec)) return;
  const values = valuesOf(spec, document);
  const ranks = new Map<string, number>();
  for (const [name, { rule }] of Object.entries(spec.tables ?? {})) {
    checkRule(spec, tableRules[rule], document, `$.tables.${name}`);
    ranks.set(name, tableRules[rule].rank);
  }
  const parameters = Object.entries(spec.parameters ?? {});
  const integers = parameters.filter(([, p]) => p.type === 'integer').map(([name]) => name);
  for (const [name, { type, minimum, maximum, example, multipleOf }] of parameters) {
    const bounds = { values: ['b', 'm', 'n', ...integers.filter((other) => other !== name)], tables: [] };
    if (minimum !== undefined) checkExpression(minimum, bounds, document, `$.parameters.${name}.minimum`, 'number');
    if (maximum !== undefined) checkExpression(maximum, bounds, document, `$.parameters.${name}.maximum`, 'number');
    if (example !== undefined) {
      if (type !== 'integer')
        throw new DocumentError(document, `$.parameters.${name}`, 'must have no "example": only integer parameters have one');
      checkExpression(example, { values: ['n'], tables: [] }, document, `$.parameters.${name}.example`, 'number');
    }
    if (multipleOf !== undefined && !integers.includes(multipleOf)) {
      throw new DocumentError(
        document,
        `$.parameters.${name}.multipleOf`,
        `found "${multipleOf}", must be the name of an integer parameter`,
      );
    }
  }
  checkExpression(spec.visible, { values, tables: ranks }, document, '$.visible', 'boolean');
  checked.add(spec);
}

function valuesOf(spec: MaskSpec, document: string): Set<string> {
  const values = new Set(given);
  const add = (name: string, path: string) => {
    if (values.has(name)) throw new DocumentError(document, path, `the name "${name}" is taken`);
    values.add(name);
  };
  for (const [name, { type, choices }] of Object.entries(spec.parameters ?? {})) {
    const path = `$.parameters.${name}`;
    if ((type === 'choice') !== (choices !== undefined))
      throw new DocumentError(document, path, 'must have "choices" if its type is "choice", and only then');
    if (type !== 'lengths' && type !== 'batch-lengths') add(name, path);
    choices?.forEach((choice, x) => {
      add(choice, `${path}.choices[${x}]`);
    });
  }
  return values;
}

function checkRule(spec: MaskSpec, rule: TableRule, document: string, path: string): void {
  if (rule.square && !spec.square)
    throw new DocumentError(document, path, 'this rule needs "square": true, because it takes queries and keys to be the same tokens');
  const has = (set: Readonly<Record<string, string>>) =>
    Object.entries(set).every(([name, type]) => spec.parameters?.[name]?.type === type);
  if (!rule.from.some(has)) {
    const sets = rule.from.map((set) =>
      Object.entries(set)
        .map(([name, type]) => `"${name}" (${type})`)
        .join(', '),
    );
    throw new DocumentError(document, path, `this rule needs the parameters ${sets.join('; or ')}`);
  }
}
