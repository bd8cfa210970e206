import { memoised } from '../memoised.js';
import { withComputedAxes } from '../operator/axes.js';
import { declaredAxes, optionalNames } from '../operator/facts.js';
import type { Dims, Operator } from '../types/documents.js';
import { buildProgram } from './build.js';
import { bindingWith } from './check.js';
import { union } from './tensor.js';

/**
 * Returns how many elements a program computes for sizes: the products of each term's axes, those that it contracts included, of all terms
 * together.
 */
export const costOf: (operator: Operator) => (dims: Dims) => number = memoised((operator: Operator) => {
  const { graph } = buildProgram(operator, bindingWith(operator, optionalNames(operator), true));
  const counts = new Map<string, { axes: readonly string[]; terms: number }>();
  for (const node of graph.nodes) {
    if (node.kind !== 'apply') continue;
    const axes = union(node.type.axes, ...Object.values(node.operands).map((operand) => operand.type.axes)).sort();
    const before = counts.get(axes.join())?.terms ?? 0;
    counts.set(axes.join(), { axes, terms: before + 1 });
  }
  // inputs that no term widens
  for (const axes of Object.values(declaredAxes(operator)))
    if (!counts.has([...axes].sort().join())) counts.set([...axes].sort().join(), { axes, terms: 1 });
  const spaces = [...counts.values()];
  return (drawn) => {
    // computed sizes are not known before options are drawn: those by default count
    const dims = { ...withComputedAxes(operator, drawn, {}), ...drawn };
    return spaces.reduce((sum, { axes, terms }) => sum + axes.reduce((product, axis) => product * dims[axis], terms), 0);
  };
});
