import type { ApplyNode, Graph, Node } from './graph.js';
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
  value: ({ operands: { x } }) => (x.zero ? { value: x.value, zero: x.zero } : { value: x.value }),
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

/**
 * Returns the value t as a backward pass has it: recovered from c + t if the program divides a value that does not depend on t by
 * c + t; otherwise t itself.
 * @param forward nodes of the forward program.
 */
export function asKept(graph: Graph, forward: readonly Node[], t: ApplyNode): Node {
  const applied = forward.filter((node): node is ApplyNode => node.kind === 'apply');
  for (const sum of applied) {
    const c = sum.primitive.name === 'add' ? addend(sum, t) : undefined;
    if (c === undefined) continue;
    const after = dependents(applied, t);
    const divides = applied.some(({ primitive, operands: { x, y } }) => primitive.name === 'div' && y === sum && !after.has(x));
    if (divides) return graph.apply({ primitive: recovered, operands: { x: t, y: sum }, scalars: { c }, axes: [], attributes: {} });
  }
  return t;
}

/**
 * Nodes whose values depend on t, and t itself.
 * @param applied applications in the order of the program.
 */
function dependents(applied: readonly ApplyNode[], t: Node): ReadonlySet<Node> {
  const after = new Set<Node>([t]);
  for (const node of applied) if (Object.values(node.operands).some((operand) => after.has(operand))) after.add(node);
  return after;
}

/** Returns the constant that a sum adds to t, or undefined if it adds something else or does not contain t. */
function addend({ operands: { x, y } }: ApplyNode, t: Node): number | undefined {
  const other = x === t ? y : y === t ? x : undefined;
  return other?.kind === 'constant' ? other.value : undefined;
}
