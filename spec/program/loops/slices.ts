import type { ApplyNode, Graph, Node } from '../graph.js';
import { stackOf } from './stack.js';

/** Stacked gradients of slices: adding each one among zeros would take quadratic time. */
export class Slices {
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
