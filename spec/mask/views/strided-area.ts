/**
 * Sum of a step function over every stride-th key, from any first key below the stride. With w(e) the step down at an edge e, and r the first key, the sum is
 * Σ w(e) · ⌈(e − r) / stride⌉, and ⌈(e − r) / stride⌉ = ⌊e / stride⌋ + (1 if e mod stride > r, else 0).
 */
export class StridedArea {
  /** The sum, by the first key. */
  private readonly byFirst: Float64Array;

  /**
   * @param edges where the function steps, ascending; it is 0 before the first and from the last on.
   * @param cover its value from each edge to the next.
   */
  constructor(
    readonly stride: number,
    edges: Int32Array,
    cover: Float64Array,
  ) {
    const stepsBeyond = new Float64Array(stride);
    let whole = 0;
    for (let piece = 0; piece < edges.length; piece++) {
      const step = (piece > 0 ? cover[piece - 1] : 0) - cover[piece];
      whole += step * Math.floor(edges[piece] / stride);
      stepsBeyond[edges[piece] % stride] += step;
    }
    this.byFirst = new Float64Array(stride);
    for (let first = stride - 1, beyond = 0; first >= 0; first--) {
      this.byFirst[first] = whole + beyond;
      beyond += stepsBeyond[first];
    }
  }

  from(first: number): number {
    return this.byFirst[first];
  }
}
