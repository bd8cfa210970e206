import { type Positions, placesOf } from '../../positions.js';
import type { CompiledMask } from '../compile/compiled-mask.js';

/**
 * Sum of a step function over every stride-th key from a first key r below the stride. With w(e)
 * the step down at edge e: Σ w(e) · ⌈(e − r) / stride⌉, and ⌈(e − r) / stride⌉ = ⌊e / stride⌋ + (1
 * if e mod stride > r, else 0).
 */
class StridedArea {
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

/** Query heads [first, first + count). */
export interface Heads {
  readonly first: number;
  readonly count: number;
}

/** Number of queries that see each key, as a step function, to compute areas without cells. */
export class Coverage {
  /** First, second and last edge, the first value, and the whole sum: enough for most keys. */
  private readonly first: number;
  private readonly second: number;
  private readonly last: number;
  private readonly firstCover: number;
  private readonly total: number;
  /** Sums for the last stride; the shards of a layout share it. */
  private strided: StridedArea | undefined;

  /**
   * @param edges of steps.
   * @param cover value from each edge on.
   * @param below sum before each edge.
   */
  private constructor(
    private readonly edges: Int32Array,
    private readonly cover: Float64Array,
    private readonly below: Float64Array,
  ) {
    const end = edges.length - 1;
    [this.first, this.second, this.last] = end < 0 ? [0, 0, 0] : [edges[0], edges[Math.min(1, end)], edges[end]];
    [this.firstCover, this.total] = end < 0 ? [0, 0] : [cover[0], below[end]];
  }

  static of(
    mask: CompiledMask,
    queries: readonly Positions[],
    heads: Heads = { first: 0, count: mask.heads },
    runs: Int32Array = new Int32Array(mask.n + 2),
  ): Coverage {
    const batches = mask.perBatch ? mask.b : 1;
    const each = mask.perHead ? heads : { first: 0, count: Math.min(heads.count, 1) };
    const weight = (mask.b / batches) * (mask.perHead ? 1 : heads.count);
    const rows = placesOf(queries).filter((row) => row < mask.m);
    const [starts, ends] = [new Numbers(), new Numbers()];
    for (let b = 0; b < batches; b++) {
      for (let h = each.first; h < each.first + each.count; h++) {
        for (const row of rows) {
          const count = mask.runs(b, h, row, runs);
          for (let x = 0; x < count; x++) {
            starts.push(runs[2 * x]);
            ends.push(runs[2 * x + 1]);
          }
        }
      }
    }
    return Coverage.fromRuns(starts.sorted(), ends.sorted(), weight);
  }

  private static fromRuns(starts: Int32Array, ends: Int32Array, weight: number): Coverage {
    const edges = new Int32Array(2 * starts.length);
    const cover = new Float64Array(2 * starts.length);
    const below = new Float64Array(2 * starts.length);
    let [open, area, count] = [0, 0, 0];
    for (let x = 0, y = 0; y < ends.length; count++) {
      const edge = x < starts.length ? Math.min(starts[x], ends[y]) : ends[y];
      if (count > 0) area += open * weight * (edge - edges[count - 1]);
      for (; x < starts.length && starts[x] === edge; x++) open++;
      for (; y < ends.length && ends[y] === edge; y++) open--;
      edges[count] = edge;
      cover[count] = open * weight;
      below[count] = area;
    }
    return new Coverage(edges.slice(0, count), cover.slice(0, count), below.slice(0, count));
  }

  /** Visible cells of the queries and these keys. */
  areaOver(keys: readonly Positions[]): number {
    let sum = 0;
    for (const segment of keys) sum += segment.stride === 1 ? this.areaOfRange(segment) : this.areaOfStride(segment);
    return sum;
  }

  /** Indices of the ascending positions that some query sees. */
  seen(places: Int32Array): Int32Array {
    const { edges, cover } = this;
    const found = new Int32Array(places.length);
    let count = 0;
    let piece = -1;
    for (let x = 0; x < places.length; x++) {
      while (piece + 1 < edges.length && edges[piece + 1] <= places[x]) piece++;
      if (piece >= 0 && cover[piece] > 0) found[count++] = x;
    }
    return found.slice(0, count);
  }

  private areaOfRange({ start, length }: Positions): number {
    return this.areaBefore(start + length) - this.areaBefore(start);
  }

  private areaOfStride(keys: Positions): number {
    const { edges, cover, last } = this;
    const { start, length, stride } = keys;
    const hasAll = start < stride && last <= start + length * stride;
    if (!hasAll || stride > edges.length) return this.areaOfSome(keys);
    if (this.strided?.stride !== stride) this.strided = new StridedArea(stride, edges, cover);
    return this.strided.from(start);
  }

  private areaOfSome({ start, length, stride }: Positions): number {
    const { edges, cover } = this;
    const before = (key: number) => Math.min(Math.max(Math.ceil((key - start) / stride), 0), length);
    const end = start + (length - 1) * stride;
    let area = 0;
    let from = -1;
    for (let piece = Math.max(this.pieceOf(start), 0); piece + 1 < edges.length && edges[piece] <= end; piece++) {
      if (from < 0) from = before(edges[piece]);
      const to = before(edges[piece + 1]);
      area += cover[piece] * (to - from);
      from = to;
    }
    return area;
  }

  private areaBefore(key: number): number {
    // most keys are in the first piece, or behind all pieces
    if (key <= this.first) return 0;
    if (key >= this.last) return this.total;
    if (key <= this.second) return this.firstCover * (key - this.first);
    const piece = this.pieceOf(key);
    return this.below[piece] + this.cover[piece] * (key - this.edges[piece]);
  }

  private pieceOf(key: number): number {
    const { edges } = this;
    let [from, to] = [0, edges.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (edges[middle] <= key) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }
}

class Numbers {
  private all = new Int32Array(1024);
  private count = 0;

  push(x: number): void {
    if (this.count === this.all.length) {
      const more = new Int32Array(2 * this.count);
      more.set(this.all);
      this.all = more;
    }
    this.all[this.count++] = x;
  }

  sorted(): Int32Array {
    return this.all.slice(0, this.count).sort();
  }
}
