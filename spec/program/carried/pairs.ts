import type { Graph, Node } from '../graph.js';

/** State before and after a step, with the one axis that the step mixes. */
export interface Pair {
  readonly from: Node;
  readonly to: Node;
  readonly axis: string;
}

/** Fewest steps that are followed; fewer ones add little error. */
const FEWEST = 12;
/** Largest axis that is followed; a step takes cubic time. */
const LARGEST = 128;

/** Steps of loops and their gradients that mix one axis of a state, like S − βk(Sᵀk)ᵀ. */
export function pairsOf(graph: Graph): Pair[] {
  if (graph.steps.size < FEWEST) return [];
  return [...graph.steps].flatMap(([to, from]) => {
    const axis = mixedAxis(graph, from, to);
    return axis !== undefined && graph.sizes[axis] <= LARGEST ? [{ from, to, axis }] : [];
  });
}

function mixedAxis(graph: Graph, from: Node, to: Node): string | undefined {
  const reached = new Set<Node>([from]);
  const between: Node[] = [];
  for (let id = from.id + 1; id <= to.id; id++) {
    const node = graph.nodes[id];
    if (node.kind !== 'apply' || !Object.values(node.operands).some((operand) => reached.has(operand))) continue;
    reached.add(node);
    between.push(node);
  }
  const needed = new Set<Node>([to]);
  const mixed = new Set<string>();
  for (const node of between.toReversed()) {
    if (!needed.has(node) || node.kind !== 'apply') continue;
    for (const operand of Object.values(node.operands)) if (reached.has(operand)) needed.add(operand);
    if (node.primitive.name === 'dot' || node.primitive.name === 'sum')
      for (const axis of node.axes) if (from.type.axes.includes(axis)) mixed.add(axis);
  }
  const [axis] = mixed;
  return mixed.size === 1 && to.type.axes.includes(axis) ? axis : undefined;
}
