import type { Focus } from '../problem.js';
import { ROWS } from './row-block.js';

/** Rows of a head in groups that share key tiles: all rows, or rows whose focus shares a word. */
export class RowGroups {
  /** Number of groups. With a focus, the first group has the rows without keys. */
  readonly count: number;
  private readonly tileCount: number;
  private readonly focus: Focus | undefined;
  private readonly sorted: ArrayLike<number>;
  private readonly starts: ArrayLike<number>;

  constructor(rows: readonly number[], first: number, n: number, tile: number, focus?: Focus) {
    this.tileCount = Math.ceil(n / tile);
    if (focus?.width !== tile) {
      [this.count, this.sorted, this.starts] = [1, rows, [0, rows.length]];
      return;
    }
    this.focus = focus;
    this.count = 1 + Math.min(focus.period, this.tileCount);
    const starts = new Int32Array(this.count + 1);
    const groupOf = (i: number) => (focus.block[first + i] < 0 ? 0 : 1 + (focus.block[first + i] % focus.period));
    for (const i of rows) starts[groupOf(i) + 1]++;
    for (let group = 0; group < this.count; group++) starts[group + 1] += starts[group];
    const next = starts.slice();
    const sorted = new Int32Array(rows.length);
    for (const i of rows) sorted[next[groupOf(i)]++] = i;
    this.sorted = sorted;
    this.starts = starts;
  }

  blocks(group: number): number[][] {
    const [from, to] = [this.starts[group], this.starts[group + 1]];
    return Array.from({ length: Math.ceil((to - from) / ROWS) }, (_, block) => {
      const start = from + block * ROWS;
      return Array.from({ length: Math.min(ROWS, to - start) }, (_row, at) => this.sorted[start + at]);
    });
  }

  /** Key tiles that only this group uses. */
  tiles(group: number): number[] {
    const { focus, tileCount } = this;
    if (!focus) return Array.from({ length: tileCount }, (_, tile) => tile);
    if (group === 0) return [];
    return Array.from({ length: Math.ceil((tileCount - group + 1) / focus.period) }, (_, place) => group - 1 + place * focus.period);
  }
}
