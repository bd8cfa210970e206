import type { ApplyNode, Graph, Node } from '../graph.js';
import type { Application, Primitive } from '../primitive.js';
import { bytes, floats } from '../scratch.js';
import { offsets, type ProgramTensor, strideOf, without } from '../tensor.js';

function placesOf({ operands: { x }, axes: [axis], scalars: { index }, out, sizes }: Application): (i: number) => number {
  const from = offsets(x.axes, out.axes, sizes);
  const shift = index * strideOf(x.axes, axis, sizes);
  return (i) => from[i] + shift;
}

function taken<A extends Float64Array | Uint8Array>(data: A, out: A, at: (i: number) => number): A {
  for (let i = 0; i < out.length; i++) out[i] = data[at(i)];
  return out;
}

/** Slice that a loop reads; `differentiate` stacks the gradients of all slices of a tensor. */
const slice: Primitive = {
  name: 'seen',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'axis', kind: 'axis' },
    { name: 'index', kind: 'scalar' },
  ],
  shape: ({ operands: { x }, axes }) => ({ kind: x.kind, axes: without(x.axes, axes) }),
  value(application) {
    const { value, zero } = application.operands.x;
    const at = placesOf(application);
    const size = sizeOf(application);
    const own = taken(value, floats(size), at);
    return zero ? { value: own, zero: taken(zero, bytes(size), at) } : { value: own };
  },
  bound(application, result) {
    const { bound, prescaled } = application.operands.x;
    const { u } = application.profile;
    const own = bound && copied(application, bound);
    // a prescaled query is rounded here, as its consumer no longer sees the mark
    return prescaled ? result.value.map((x, i) => (own ? own[i] * (1 + u) : 0) + u * Math.abs(x)) : own;
  },
  least: (application) => application.operands.x.least && copied(application, application.operands.x.least),
  gradient: () => ({ x: 'dout' }),
};

function sizeOf({ operands: { x }, axes: [axis], sizes }: Application): number {
  return x.value.length / sizes[axis];
}

function copied(application: Application, data: NonNullable<ProgramTensor['bound']>): Float64Array {
  return taken(data, floats(sizeOf(application)), placesOf(application));
}

/** Adds a slice at an index of an axis. */
export function sliceOf(graph: Graph, x: Node, axis: string, index: number): Node {
  return graph.apply({ primitive: slice, operands: { x }, scalars: { index }, axes: [axis], attributes: {} });
}

/** Tells if a node is a slice. */
export function isSlice(node: ApplyNode): boolean {
  return node.primitive === slice;
}
