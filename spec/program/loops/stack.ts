import type { ApplyNode, Graph, Node } from '../graph.js';
import type { Application, Primitive } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { elements, offsets, type ProgramTensor, union } from '../tensor.js';

function put<A extends Float64Array | Uint8Array>(
  { operands, out, sizes }: Application,
  into: A,
  of: (t: ProgramTensor) => A | undefined,
): A {
  const rest = out.axes.slice(1);
  const size = elements(rest, sizes);
  for (const [place, operand] of Object.values(operands).entries()) {
    const data = of(operand);
    if (!data) continue;
    const at = offsets(operand.axes, rest, sizes);
    for (let i = 0; i < size; i++) into[place * size + i] = data[at[i]];
  }
  return into;
}

function some(application: Application, key: 'bound' | 'least' | 'zero'): boolean {
  return Object.values(application.operands).some((t) => t[key] !== undefined);
}

/** Stack of operands along an axis: collected values of loops, and gradients of slices. */
const stack: Primitive = {
  name: 'stacked',
  parameters: [
    { name: 'axis', kind: 'axis' },
    { name: 'operands', kind: 'number' },
  ],
  shape({ operands, axes }) {
    const types = Object.values(operands);
    return { kind: types[0].kind, axes: [...axes, ...union(...types.map((type) => type.axes))] };
  },
  value(application) {
    const size = elements(application.out.axes, application.sizes);
    const value = put(application, floats(size), (t) => t.value);
    return some(application, 'zero') ? { value, zero: put(application, bytes(size), (t) => t.zero) } : { value };
  },
  bound: (application, { value }) => (some(application, 'bound') ? put(application, floats(value.length), (t) => t.bound) : undefined),
  least: (application, { value }) => (some(application, 'least') ? put(application, floats(value.length), (t) => t.least) : undefined),
  gradient: ({ operands }) => Object.fromEntries(Object.keys(operands).map((place) => [place, 'dout'])),
};

/** Adds a stack. @param places one node for each index of the axis, at least one. */
export function stackOf(graph: Graph, places: readonly Node[], axis: string): Node {
  return graph.apply({ primitive: stack, operands: Object.fromEntries(places.entries()), scalars: {}, axes: [axis], attributes: {} });
}

/** Tells if a node is a stack. */
export function isStack(node: ApplyNode): boolean {
  return node.primitive === stack;
}
