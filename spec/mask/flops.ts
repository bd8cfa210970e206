/** Floating-point operations of attention on one visible cell of one head, head sizes d and e: QKᵀ and PV; and for the five products of the backward pass (MASKS). */
export function flopsPerCell(d: number, e: number): { forward: number; backward: number } {
  return { forward: 2 * (d + e), backward: 2 * (3 * d + 2 * e) };
}
