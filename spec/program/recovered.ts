import { boundBinary } from './elementwise.js';
import type { ApplyNode, Graph, Node } from './graph.js';
import type { Primitive } from './primitive.js';

/**
 * A value t from what a backward pass keeps of c + t, or of a quotient by it: t/y as 1 − c/y, with y = c + t. So σ(1 − σ) is the derivative of
 * σ = 1/(1 + e⁻ˢ), and is 0 where σ rounds to 1. Its error in t is the larger of t's own and of |c|(e_y/(|y| − e_y) + 3a) + a|t|.
 * No program names it.
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
 * Returns a value as gradients may have it: recovered from c + t where the program divides by that, and by c + t alone; else as it is.
 * @param forward nodes of the program itself.
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

/** Nodes whose values depend on t, with t itself. @param applied in the order of the program. */
function dependents(applied: readonly ApplyNode[], t: Node): ReadonlySet<Node> {
  const after = new Set<Node>([t]);
  for (const node of applied) if (Object.values(node.operands).some((operand) => after.has(operand))) after.add(node);
  return after;
}

/** The number that a sum adds to t. */
function addend({ operands: { x, y } }: ApplyNode, t: Node): number | undefined {
  const other = x === t ? y : y === t ? x : undefined;
  return other?.kind === 'constant' ? other.value : undefined;
}
