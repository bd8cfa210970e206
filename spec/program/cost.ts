import { evaluateExpression } from '../expression/evaluate.js';
import { memoised } from '../lib/memoised.js';
import { withComputedAxes } from '../operator/axes.js';
import { declaredAxes, optionalNames } from '../operator/facts.js';
import type { Dims, Expression, Operator } from '../types/documents.js';
import { buildProgram } from './build.js';
import { bindingWith } from './check.js';
import type { ApplyNode } from './graph.js';
import { isSlice } from './loops/slice.js';
import { union } from './tensor.js';

/** Counts computed elements: the product of each term's axes, plus `perTerm` per term. */
export const costOf: (operator: Operator) => (dims: Dims, perTerm?: number) => number = memoised((operator: Operator) => {
  const { graph } = buildProgram(operator, { ...bindingWith(operator, optionalNames(operator), true), once: true });
  const counts = new Map<string, Space>();
  for (const node of graph.nodes) {
    if (node.kind !== 'apply') continue;
    // a term without operands is computed once, even in a loop
    const within = Object.keys(node.operands).length === 0 ? [] : (node.within ?? []);
    const axes = axesOf(node).sort();
    const key = JSON.stringify([axes, within]);
    counts.set(key, { axes, within, terms: (counts.get(key)?.terms ?? 0) + 1 });
  }
  const known = new Set([...counts.values()].map(({ axes }) => axes.join()));
  for (const axes of Object.values(declaredAxes(operator)))
    if (!known.has([...axes].sort().join())) counts.set(axes.join(), { axes, within: [], terms: 1 });
  const spaces = [...counts.values()];
  return (drawn, perTerm = 0) => {
    // computed sizes use default options until options are drawn
    const dims = { ...withComputedAxes(operator, drawn, {}), ...drawn };
    return spaces.reduce((sum, { axes, within, terms }) => {
      const times = within.reduce((product: number, count) => product * evaluateExpression(count, numbers(operator, dims)), terms);
      return sum + perTerm * times + axes.reduce((product, axis) => product * dims[axis], times);
    }, 0);
  };
});

/** Terms over the same axes in the same loops. */
interface Space {
  readonly axes: readonly string[];
  readonly within: readonly Expression[];
  readonly terms: number;
}

/** Axes that a term iterates over; a slice does not iterate over its operand. */
function axesOf(node: ApplyNode): string[] {
  if (isSlice(node)) return [...node.type.axes];
  return union(node.type.axes, ...Object.values(node.operands).map((operand) => operand.type.axes));
}

function numbers({ options }: Operator, dims: Dims): (name: string) => number {
  const numberOf = (name: string): number => {
    if (name.startsWith('#')) return dims[name.slice(1)];
    const option = options?.[name.slice(1)]?.default;
    return option === null || option === undefined ? 1 : evaluateExpression(option, numberOf);
  };
  return numberOf;
}
