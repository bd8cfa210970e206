import { memoised } from '../lib/memoised.js';
import { optionalNames } from '../operator/facts.js';
import type { Operator } from '../types/documents.js';
import { buildProgram } from './build.js';
import { bindingWith } from './check.js';

/** Primitives that name an axis but read one position of it. */
const inPlace = new Set(['expand', 'predicate', 'index']);

const mixedAxes: (operator: Operator) => ReadonlySet<string> = memoised((operator: Operator) => {
  const { graph } = buildProgram(operator, bindingWith(operator, optionalNames(operator), true));
  return new Set(graph.nodes.flatMap((node) => (node.kind === 'apply' && !inPlace.has(node.primitive.name) ? node.axes : [])));
});

/** Tells if a program sums, selects or moves along an axis, such as the batch axis `b`. */
export function mixes(operator: Operator, axis: string): boolean {
  return mixedAxes(operator).has(axis);
}
