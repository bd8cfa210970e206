import { evaluateExpression } from '../../spec/expression/evaluate.js';
import type { Dims, Expression, MaskParameter, MaskParameters, NamedMask } from '../../spec/types/documents.js';
import type { MaskRule } from '../lib/case-space.js';
import { counts, type Flat } from '../lib/flat.js';
import { cutLengths } from '../lib/lengths.js';

export const SHARES = 8;

/** Mask of a flat case, its parameters saturated at these sizes. @param place index of the mask. */
export function namedMask(rule: MaskRule, flat: Flat, place: number, dims: Dims): NamedMask {
  if (rule.parameters.length === 0) return { name: rule.name };
  const parameters: MaskParameters = {};
  // a range may name a parameter that comes later in the document
  const lookup = (name: string): number => (Object.hasOwn(dims, name) ? dims[name] : (resolve(name) as number));
  const resolve = (name: string): MaskParameters[string] => {
    if (!Object.hasOwn(parameters, name)) {
      const slot = rule.parameters.findIndex(([other]) => other === name);
      const parameter = rule.parameters[slot][1];
      const value = saturated(parameter, flat[`parameter${place}.${slot}`] ?? 0, flat, dims, lookup);
      parameters[name] = rule.divisors.has(name) ? nearestDivisor(dims.n, value as number, evaluate(parameter.minimum, 1, lookup)) : value;
    }
    return parameters[name];
  };
  for (const [name] of rule.parameters) resolve(name);
  return { name: rule.name, parameters };
}

function evaluate(expression: Expression | undefined, otherwise: number, lookup: (name: string) => number): number {
  return expression === undefined ? otherwise : evaluateExpression(expression, lookup);
}

function saturated(
  parameter: MaskParameter,
  raw: number,
  flat: Flat,
  dims: Dims,
  lookup: (name: string) => number,
): MaskParameters[string] {
  const within = (value: number, most: number) => {
    const least = evaluate(parameter.minimum, 0, lookup);
    return Math.max(least, Math.min(value, evaluate(parameter.maximum, most, lookup)));
  };
  switch (parameter.type) {
    case 'choice': {
      const choices = parameter.choices ?? [''];
      return choices[Math.min(raw, choices.length - 1)];
    }
    case 'share':
      return within(raw / SHARES, 1);
    case 'seed':
      return within(raw, 255);
    case 'integer':
      return within(evaluate(parameter.minimum, 0, lookup) + raw, dims.n);
    case 'batch-lengths':
      return Array.from({ length: dims.b }, (_, i) => within(flat[`keys${i % counts.keys}`], dims.n));
    case 'lengths': {
      const least = evaluate(parameter.minimum, 0, lookup);
      const unit = parameter.multipleOf === undefined ? 1 : lookup(parameter.multipleOf);
      const lengths = Array.from({ length: Math.min(flat.documents, counts.documents) }, (_, i) => flat[`document${i}`]);
      return cutLengths(dims.n, lengths, (length) => length >= least && length % unit === 0);
    }
  }
}

function nearestDivisor(n: number, value: number, least: number): number {
  for (let x = Math.min(value, n); x >= Math.max(least, 1); x--) if (n % x === 0) return x;
  for (let x = value; x < n; x++) if (n % x === 0) return x;
  return n;
}
