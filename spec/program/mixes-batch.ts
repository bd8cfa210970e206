import { memoised } from '../lib/memoised.js';
import { optionalNames } from '../operator/facts.js';
import type { Operator } from '../types/documents.js';
import { buildProgram } from './build.js';
import { bindingWith } from './check.js';

/** Primitives that name an axis but read one position of it. */
const inPlace = new Set(['expand', 'predicate', 'index']);

/** Tells if a program sums, selects or moves along the batch axis. */
export const mixesBatch: (operator: Operator) => boolean = memoised((operator: Operator) => {
  const { graph } = buildProgram(operator, bindingWith(operator, optionalNames(operator), true));
  return graph.nodes.some((node) => node.kind === 'apply' && node.axes.includes('b') && !inPlace.has(node.primitive.name));
});
