import { type ApplyNode, type Graph, type Node, signatureOf } from './graph.js';
import { isSlice, sliceOf } from './loops/slice.js';
import { isStack, stackOf } from './loops/stack.js';
import { lowerTerm } from './lower.js';
import { meanAsRead } from './mean-of-output.js';
import { valuesKept } from './recovered.js';
import { primitives } from './registry.js';
import { without } from './tensor.js';

/** Stacked gradients of slices: adding each one among zeros would take quadratic time. */
class Slices {
  private readonly known = new Map<Node, Map<string, Map<number, Node>>>();

  constructor(private readonly graph: Graph) {}

  add({ operands: { x }, axes: [axis], scalars: { index } }: ApplyNode, gradient: Node): void {
    const ofTensor = this.known.get(x) ?? new Map<string, Map<number, Node>>();
    const places = ofTensor.get(axis) ?? new Map<number, Node>();
    this.known.set(x, ofTensor.set(axis, places.set(index, gradient)));
  }

  /** Gradients of a tensor through its slices, one per axis; 0 at indices without a slice. */
  together(x: Node): Node[] {
    const zero = () => this.graph.constant(0);
    return [...(this.known.get(x) ?? [])].map(([axis, places]) => {
      const all = Array.from({ length: this.graph.sizes[axis] }, (_, index) => places.get(index) ?? zero());
      return stackOf(this.graph, all, axis);
    });
  }
}

/** Adds gradient nodes by reverse-mode differentiation; returns those of the inputs. */
export function differentiate(graph: Graph, cotangents: ReadonlyMap<Node, Node>, inputs: readonly Node[]): Map<Node, Node> {
  const gradients = new Map<Node, Node>();
  const wanted = new Set<Node>(inputs);
  const forward = graph.nodes.slice();
  for (const node of forward)
    if (node.kind === 'apply' && Object.values(node.operands).some((operand) => wanted.has(operand))) wanted.add(node);
  for (const [output, cotangent] of cotangents) accumulate(graph, gradients, output, repeated(graph, cotangent, output.type.axes));
  const kept = valuesKept(graph, forward);
  const next = new Map([...graph.steps].map(([after, before]) => [before, after]));
  const slices = new Slices(graph);
  for (const node of forward.toReversed()) {
    // later nodes use all slices of the node
    for (const gradient of slices.together(node)) accumulate(graph, gradients, node, toAxes(graph, gradient, node.type.axes));
    const cotangent = gradients.get(node);
    const after = gradients.get(next.get(node) as Node);
    if (cotangent && after && cotangent.id > after.id) graph.steps.set(cotangent, after);
    if (!cotangent || node.kind !== 'apply') continue;
    if (isSlice(node)) {
      if (wanted.has(node)) slices.add(node, cotangent);
    } else if (isStack(node)) unstack(graph, gradients, wanted, node, cotangent);
    else propagate(graph, forward, gradients, wanted, node, cotangent, kept(node));
  }
  return new Map(inputs.flatMap((input) => (gradients.has(input) ? [[input, gradients.get(input) as Node]] : [])));
}

function unstack(graph: Graph, gradients: Map<Node, Node>, wanted: ReadonlySet<Node>, node: ApplyNode, cotangent: Node): void {
  for (const [place, operand] of Object.values(node.operands).entries()) {
    if (!wanted.has(operand)) continue;
    accumulate(graph, gradients, operand, toAxes(graph, sliceOf(graph, cotangent, node.axes[0], place), operand.type.axes));
  }
}

const nothingElse = {
  scalars: new Map<string, number>(),
  words: new Map<string, string>(),
  conditions: new Set<string>(),
  absent: new Set<string>(),
};

/** Adds the gradients of a node's operands. @param out the node's value in the backward pass. */
function propagate(
  graph: Graph,
  forward: readonly Node[],
  gradients: Map<Node, Node>,
  wanted: ReadonlySet<Node>,
  node: ApplyNode,
  cotangent: Node,
  out: Node,
): void {
  const signature = signatureOf(node, graph.sizes);
  const rule = node.primitive.gradient(signature);
  // gradients between layers are stored, like the values
  const between = node.store === 'layer';
  const dout = between ? graph.stored(cotangent, 'layer') : cotangent;
  const tensors = new Map<string, Node>([...Object.entries(node.operands), ['out', out], ['dout', dout]]);
  const scope = { ...nothingElse, tensors };
  const about = `gradient of ${node.primitive.name}`;
  if (node.primitive.mean)
    tensors.set(
      'mean',
      meanAsRead(graph, forward, node, lowerTerm(graph, scope, node.primitive.mean(signature), about, '$.mean'), gradients),
    );
  for (const [name, term] of Object.entries(rule)) {
    const operand = node.operands[name];
    if (!wanted.has(operand)) continue;
    const gradient = toAxes(graph, lowerTerm(graph, scope, term, about, `$.${name}`), operand.type.axes);
    // operands of a stored value have stored gradients, like dS behind a stored P
    accumulate(graph, gradients, operand, node.store && !between ? graph.stored(gradient, 'scoreGradients') : gradient);
  }
}

/** Sums over axes that the operand lacks, and repeats along axes that the gradient lacks. */
function toAxes(graph: Graph, node: Node, axes: readonly string[]): Node {
  const excess = without(node.type.axes, axes);
  return repeated(graph, excess.length > 0 ? apply(graph, 'sum', node, excess) : node, axes);
}

function repeated(graph: Graph, node: Node, axes: readonly string[]): Node {
  const lacking = without(axes, node.type.axes);
  return lacking.length > 0 ? apply(graph, 'expand', node, lacking) : node;
}

function apply(graph: Graph, name: string, x: Node, axes: readonly string[]): Node {
  return graph.apply({ primitive: primitives.get(name) as ApplyNode['primitive'], operands: { x }, scalars: {}, axes, attributes: {} });
}

function accumulate(graph: Graph, gradients: Map<Node, Node>, node: Node, gradient: Node): void {
  const before = gradients.get(node);
  const add = primitives.get('add') as ApplyNode['primitive'];
  gradients.set(
    node,
    before ? graph.apply({ primitive: add, operands: { x: before, y: gradient }, scalars: {}, axes: [], attributes: {} }) : gradient,
  );
}
