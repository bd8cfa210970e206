import type { ApplyNode, Graph, Node } from '../graph.js';
import { stackOf } from './stack.js';

/**
 * Gradients of places of tensors. Those of one tensor along one axis are put together at once: to add up each among zeros would take a time that grows
 * with the square of the size of the axis.
 */
export class Slices {
  private readonly known = new Map<Node, Map<string, Map<number, Node>>>();

  constructor(private readonly graph: Graph) {}

  /** Notes the gradient of a place. */
  add({ operands: { x }, axes: [axis], scalars: { index } }: ApplyNode, gradient: Node): void {
    const ofTensor = this.known.get(x) ?? new Map<string, Map<number, Node>>();
    const places = ofTensor.get(axis) ?? new Map<number, Node>();
    this.known.set(x, ofTensor.set(axis, places.set(index, gradient)));
  }

  /** Returns the gradients of a tensor through its places, by axis; a place that has none is 0. */
  together(x: Node): Node[] {
    const zero = () => this.graph.constant(0);
    return [...(this.known.get(x) ?? [])].map(([axis, places]) => {
      const all = Array.from({ length: this.graph.sizes[axis] }, (_, index) => places.get(index) ?? zero());
      return stackOf(this.graph, all, axis);
    });
  }
}
