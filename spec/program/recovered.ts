import type { ApplyNode, ConstantNode, Graph, Node } from './graph.js';
import { copied } from './lib/copied.js';
import { boundBinary } from './lib/elementwise.js';
import type { Primitive } from './primitive.js';

/**
 * Value t as a backward pass recovers it from y = c + t, or from a quotient by y: t/y = 1 − c/y. For example, σ = 1/(1 + e⁻ˢ) has the
 * derivative σ(1 − σ), which is 0 when σ rounds to 1. The error of t is the larger of t's own and of |c|(e_y/(|y| − e_y) + 3a) + a|t|.
 * Internal: no program names this primitive.
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

/** Tells of values of a program which a backward pass recovers: see `valuesKept`. */
export type Kept = (t: ApplyNode) => Node;

/**
 * Returns a function that gives the value t as a backward pass has it: recovered from c + t if the program divides a value that does not depend on
 * t by c + t; otherwise t itself.
 * @param forward nodes of the forward program.
 */
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

/**
 * Nodes whose values depend on t, and t itself.
 * @param applied applications in the order of the program.
 */
function dependents(applied: readonly ApplyNode[], t: ApplyNode): ReadonlySet<Node> {
  const after = new Set<Node>([t]);
  for (const node of applied) if (node.id > t.id && Object.values(node.operands).some((operand) => after.has(operand))) after.add(node);
  return after;
}

/** The summands of a sum to which it adds a constant. */
function summands({ operands: { x, y } }: ApplyNode): Node[] {
  return [...(y.kind === 'constant' ? [x] : []), ...(x.kind === 'constant' ? [y] : [])];
}

/** The constant that a sum adds to t. */
function addend({ operands: { x, y } }: ApplyNode, t: Node): number {
  return ((x === t ? y : x) as ConstantNode).value;
}
