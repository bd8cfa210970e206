/**
 * Sum of a step function over every stride-th key from a first key r below the stride. With w(e)
 * the step down at edge e: Σ w(e) · ⌈(e − r) / stride⌉, and ⌈(e − r) / stride⌉ = ⌊e / stride⌋ + (1
 * if e mod stride > r, else 0).
 */
export class StridedArea {
  private readonly byFirst: Float64Array;

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
