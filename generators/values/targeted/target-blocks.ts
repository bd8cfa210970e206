import { hashOf } from '../../../spec/lib/hash.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { BLOCK } from './amplitude.js';

/** Target of a row that sees no key. */
export const NO_TARGET = -1;

/** Most queries of a decoding step; targets are the last block, the first, and random ones. */
const DECODING = 64;

/** Mean number of rows with a target in a block before the last run of visible keys. */
const ROWS = 64;

/**
 * Target blocks of rows [b, hk·g, m]. Of 64 rows of a causal mask, 16 target their last visible
 * block, and 48 target blocks at distances of every power of two. A moving window's far edge is the
 * target of every eighth row.
 */
export function targetBlocks(mask: CompiledMask, seed: number): Int32Array {
  const { b, heads, m } = mask;
  const targets = new Int32Array(b * heads * m).fill(NO_TARGET);
  for (let x = 0; x < b; x++) {
    for (let h = 0; h < heads; h++) {
      const own = new TargetsOfHead(mask, x, h, hashOf(seed, x, h));
      own.choose(targets.subarray((x * heads + h) * m, (x * heads + h + 1) * m));
    }
  }
  return targets;
}

interface LastRun {
  start: number;
  end: number;
  runs: number;
}

class TargetsOfHead {
  private readonly list: Int32Array;
  /** First block and first row of the document: a new last run of visible keys begins there. */
  private first = 0;
  private firstRow = 0;
  private before: LastRun = { start: 0, end: 0, runs: 0 };
  private row: LastRun = { start: 0, end: 0, runs: 0 };
  private next: LastRun = { start: 0, end: 0, runs: 0 };

  constructor(
    private readonly mask: CompiledMask,
    private readonly b: number,
    private readonly h: number,
    private readonly seed: number,
  ) {
    this.list = new Int32Array(mask.n + 2);
  }

  choose(targets: Int32Array): void {
    const { m } = this.mask;
    this.read(this.next, 0);
    for (let i = 0; i < m; i++) {
      [this.before, this.row, this.next] = [this.row, this.next, this.before];
      if (i + 1 < m) this.read(this.next, i + 1);
      else this.next.runs = 0;
      if (this.row.runs === 0) continue;
      if (this.before.runs === 0 || this.row.start >= this.before.end) [this.first, this.firstRow] = [blockOf(this.row.start), i];
      targets[i] = this.earlier(i) ?? this.target(i);
    }
  }

  private read(into: LastRun, i: number): void {
    into.runs = this.mask.runs(this.b, this.h, i, this.list);
    if (into.runs > 0) [into.start, into.end] = [this.list[2 * into.runs - 2], this.list[2 * into.runs - 1]];
  }

  /** At times a block of an earlier run: keys that all rows see must not be every row's target. */
  private earlier(i: number): number | undefined {
    const { runs } = this.row;
    if (runs === 1) return undefined;
    const hash = hashOf(this.seed, i, 5);
    if (hash % 2 === 0) return undefined;
    const { list, mask } = this;
    mask.runs(this.b, this.h, i, list);
    let blocks = 0;
    for (let run = 0; run + 1 < runs; run++) blocks += blocksOf(list[2 * run], list[2 * run + 1]);
    if ((hash >>> 1) / 2 ** 31 >= (2 * ROWS * blocks) / mask.m) return undefined;
    let place = hashOf(this.seed, i, 6) % blocks;
    for (let run = 0; ; run++) {
      const own = blocksOf(list[2 * run], list[2 * run + 1]);
      if (place < own) return blockOf(list[2 * run]) + place;
      place -= own;
    }
  }

  private target(i: number): number {
    const { row, before, next, first, firstRow, seed } = this;
    const lo = blockOf(row.start);
    const hi = blockOf(row.end - 1);
    const blocks = hi - lo + 1;
    if (blocks === 1) return hi;
    if (this.mask.m <= DECODING) return this.decoding(i, lo, hi);
    const z = i % 64;
    const isLast = next.runs === 0 || next.start >= row.end;
    const ofRows = Math.floor((i - firstRow) / 64);
    if (isSame(row, next) || isSame(row, before)) return lo + ((ofRows + (z % 4 === 3 ? 0 : hashOf(seed, z))) % blocks);
    if (z % 4 === 3 || isLast) return hi;
    if (lo > first && z % 8 === 1) return lo;
    const r = hi - first;
    const bits: number[] = [];
    for (let k = 0; 2 ** k <= r; k++) if ((r >>> k) % 2 === 1 && (lo === first || 2 ** (k + 1) - 1 <= hi - lo)) bits.push(k);
    if (bits.length === 0) return lo + (hashOf(seed, i) % blocks);
    const k = bits[(z - Math.floor(z / 4)) % bits.length];
    // bit k cleared and the lower bits shuffled: less than r, and a different block for each r
    return first + (r ^ (1 << k) ^ (hashOf(seed, z, k, r >>> (k + 1)) % 2 ** k));
  }

  private decoding(i: number, lo: number, hi: number): number {
    const turn = (i + hashOf(this.seed, 8)) % 4;
    if (turn === 0) return hi;
    if (turn === 2) return lo;
    return lo + (hashOf(this.seed, i, 7) % (hi - lo + 1));
  }
}

const blockOf = (key: number): number => Math.floor(key / BLOCK);
const blocksOf = (start: number, end: number): number => blockOf(end - 1) - blockOf(start) + 1;
const isSame = (x: LastRun, y: LastRun): boolean => x.runs === y.runs && x.start === y.start && x.end === y.end;
