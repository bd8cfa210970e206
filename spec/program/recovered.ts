import type { ApplyNode, ConstantNode, Graph, Node } from './graph.js';
import { copied } from './lib/copied.js';
import { boundBinary } from './lib/elementwise.js';
import type { Primitive } from './primitive.js';

/**
 * Value t that a backward pass recovers from y = c + t, or from t/y = 1 − c/y: σ = 1/(1 + e⁻ˢ) has
 * the derivative σ(1 − σ), 0 if σ rounds to 1. The error is the larger of t's and |c|(e_y/(|y| −
 * e_y) + 3a) + a|t|. No program names this primitive.
 */
export const recovered: Primitive = {
  name: 'recovered',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'y', kind: 'number' },
    { name: 'c', kind: 'scalar' },
  ],
  shape: ({ operands }) => operands.x,
  value: ({ operands: { x } }) => copied(x),
  bound(application, result) {
    const { a } = application.profile;
    const c = Math.abs(application.scalars.c);
    return boundBinary(application, result, (t, y, et, ey) => {
      const least = Math.abs(y) - ey;
      return least > 0 ? Math.max(et, c * (ey / least + 3 * a) * (1 + a) + a * Math.abs(t)) : Infinity;
    });
  },
  least: ({ operands: { x } }) => x.least,
  gradient: () => ({}),
};

/** Gives the backward value of a node: see `valuesKept`. */
export type Kept = (t: ApplyNode) => Node;

/** Recovers t from c + t if the program divides a value that does not depend on t by c + t. */
export function valuesKept(graph: Graph, forward: readonly Node[]): Kept {
  const applied = forward.filter((node): node is ApplyNode => node.kind === 'apply');
  const sums = new Map<Node, ApplyNode[]>();
  for (const sum of applied) for (const t of sum.primitive.name === 'add' ? summands(sum) : []) sums.set(t, [...(sums.get(t) ?? []), sum]);
  const quotients = new Map<Node, Node[]>();
  for (const { primitive, operands } of applied)
    if (primitive.name === 'div') quotients.set(operands.y, [...(quotients.get(operands.y) ?? []), operands.x]);
  return (t) => {
    for (const sum of sums.get(t) ?? []) {
      const divided = quotients.get(sum);
      if (!divided) continue;
      const after = dependents(applied, t);
      if (divided.every((x) => after.has(x))) continue;
      const c = addend(sum, t);
      return graph.apply({ primitive: recovered, operands: { x: t, y: sum }, scalars: { c }, axes: [], attributes: {} });
    }
    return t;
  };
}

function dependents(applied: readonly ApplyNode[], t: ApplyNode): ReadonlySet<Node> {
  const after = new Set<Node>([t]);
  for (const node of applied) if (node.id > t.id && Object.values(node.operands).some((operand) => after.has(operand))) after.add(node);
  return after;
}

function summands({ operands: { x, y } }: ApplyNode): Node[] {
  return [...(y.kind === 'constant' ? [x] : []), ...(x.kind === 'constant' ? [y] : [])];
}

function addend({ operands: { x, y } }: ApplyNode, t: Node): number {
  return ((x === t ? y : x) as ConstantNode).value;
}
