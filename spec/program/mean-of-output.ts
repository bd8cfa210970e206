import { gamma, lossNearZero, outputStore } from '../numeric/profile.js';
import type { ApplyNode, Graph, Node } from './graph.js';
import type { Application, Primitive } from './primitive.js';
import { floats } from './scratch.js';
import { storedBounds, storedValues } from './store.js';
import { offsets, without } from './tensor.js';

/**
 * Δ = Σ P·dP from the stored output o = P·v: Δ = Σ dO·o (NUMERICS, "Backward"). Its error is the
 * larger one of Σ P·dP and Σ|dO|e_o + γ Σ|dO|(|o| + e_o), with e_o the bound of the stored o. No
 * program names this primitive.
 */
const meanOfOutput: Primitive = {
  name: 'meanOfOutput',
  parameters: [
    { name: 'x', kind: 'number' },
    { name: 'o', kind: 'number' },
    { name: 'dout', kind: 'number' },
  ],
  shape: ({ operands }) => operands.x,
  value(application) {
    const { x } = application.operands;
    const value = application.rounding && application.profile.scoreGradientsStored ? readSums(application) : x.value;
    return x.zero ? { value, zero: x.zero } : { value };
  },
  bound(application) {
    const { x } = application.operands;
    const bound = readBounds(application);
    for (let i = 0; i < bound.length; i++) bound[i] = x.zero?.[i] ? 0 : Math.max(bound[i], x.bound?.[i] ?? 0);
    return bound;
  },
  least: ({ operands: { x } }) => x.least,
  gradient: () => ({}),
};

function termsOf({ operands: { x, o, dout }, sizes }: Application): Int32Array[] {
  const space = [...x.axes, ...without(o.axes, x.axes)];
  return [x, o, dout].map((t) => offsets(t.axes, space, sizes));
}

function readSums(application: Application): Float64Array {
  const { x, o, dout } = application.operands;
  const [rows, read, given] = termsOf(application);
  const stored = storedValues(outputStore(application.profile), o.value);
  const sums = floats(x.value.length);
  for (let at = 0; at < rows.length; at++) sums[rows[at]] += dout.value[given[at]] * stored[read[at]];
  return sums.map((sum, i) => (x.zero?.[i] ? 0 : sum));
}

function readBounds(application: Application): Float64Array {
  const { operands, profile } = application;
  const { x, o, dout } = operands;
  const [rows, read, given] = termsOf(application);
  const errors = storedBounds(outputStore(profile), o.value, o.bound, o.zero);
  const bound = floats(x.value.length);
  const size = floats(bound.length);
  for (let at = 0; at < rows.length; at++) {
    const [i, j, k] = [rows[at], read[at], given[at]];
    const g = Math.abs(dout.value[k]);
    const lost = dout.bound?.[k] ?? 0;
    if (g + lost === 0) continue;
    const e = errors[j];
    bound[i] += g * e + lost * (Math.abs(o.value[j]) + e);
    size[i] += (g + lost) * (Math.abs(o.value[j]) + e);
  }
  const terms = rows.length / Math.max(1, bound.length);
  const error = gamma(terms, profile.a) + (profile.tf32 ? 2 ** -9 : 0);
  return bound.map((e, i) => e + error * size[i] + terms * lossNearZero(profile));
}

/** Δ from the stored output, if a product P·v is the only use of the weights; else `mean`. */
export function meanAsRead(
  graph: Graph,
  forward: readonly Node[],
  softmax: ApplyNode,
  mean: Node,
  cotangents: ReadonlyMap<Node, Node>,
): Node {
  const readers = forward.filter(
    (node): node is ApplyNode => node.kind === 'apply' && cotangents.has(node) && Object.values(node.operands).includes(softmax),
  );
  const [o] = readers;
  if (readers.length !== 1 || o.primitive.name !== 'dot' || o.operands.x === o.operands.y) return mean;
  const isProduct = o.axes.join() === softmax.axes.join() && mean.type.axes.every((axis) => o.type.axes.includes(axis));
  if (!isProduct) return mean;
  const dout = cotangents.get(o) as Node;
  return graph.apply({ primitive: meanOfOutput, operands: { x: mean, o, dout }, scalars: {}, axes: [], attributes: {} });
}
