import { memoised } from '../memoised.js';
import { optionalNames } from '../operator/facts.js';
import type { Operator } from '../types/documents.js';
import { buildProgram } from './build.js';
import { bindingWith } from './check.js';

/**
 * Names of the primitives that round in an operator's program, such as `encode`, in alphabetical order. Where there are any, elements may stay undecided
 * however narrow the bounds are: two right implementations may round to different neighbours.
 */
export const roundingsOf: (operator: Operator) => readonly string[] = memoised((operator: Operator) => {
  const { graph } = buildProgram(operator, { ...bindingWith(operator, optionalNames(operator), true), once: true });
  const names = graph.nodes.flatMap((node) => (node.kind === 'apply' && node.primitive.rounds ? [node.primitive.name] : []));
  return [...new Set(names)].sort();
});
