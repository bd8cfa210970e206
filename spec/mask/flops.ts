/** Flops per visible cell of one head: QKᵀ and PV; five products in the backward pass (MASKS). */
export function flopsPerCell(d: number, e: number): { forward: number; backward: number } {
  return { forward: 2 * (d + e), backward: 2 * (3 * d + 2 * e) };
}
