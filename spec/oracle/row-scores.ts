import { queryOffset } from '../mask/query-offset.js';
import { readingLoss } from '../numeric/operand-loss.js';
import { gamma } from '../numeric/profile.js';
import { type Problem, scaleOf } from '../problem.js';
import { floatFormats } from '../tensor/dtype.js';
import { runsInFocus } from './focus.js';
import { multiplyRow, type RowProducts, takeProducts } from './row-products.js';

const TF32 = 2 ** -9;

/** Scores of one softmax row, with bounds (NUMERICS: scale, tanh, mul, add), in linear time. */
export class RowScores {
  readonly heads: number;
  readonly keyHeads: number;
  readonly m: number;
  readonly n: number;
  readonly d: number;
  readonly e: number;
  readonly scale: number;
  readonly cap: number | undefined;
  readonly sink: Float64Array | undefined;
  /** Absolute error of each element, by input: its bound, or the error of reading it. */
  readonly lost: Readonly<Record<string, Float64Array | undefined>>;

  /** Runs [start, end) of visible keys of the last loaded row, shared by rows with one memory. */
  readonly runs: Int32Array;
  runCount = 0;
  /** Number of keys in `key`: visible ones, or all if a softcap follows the mask. */
  count = 0;
  tiles = 0;
  readonly most: number;
  /** Keys, scores, bounds and tanh(x/cap), in key order, valid up to `count`. */
  readonly key: Int32Array;
  readonly score: Float64Array;
  readonly scoreBound: Float64Array;
  readonly tanh: Float64Array;

  /** True if a softcap follows the mask, so that hidden keys have score −cap. */
  readonly capHides: boolean;
  readonly capsBias: boolean;

  private readonly tiled: boolean;
  /** Position of row 0 among all keys, and the row's key range [firstKey, endKey). */
  private offset: number;
  firstKey = 0;
  endKey: number;

  private readonly plainOffset: number;
  private readonly gammaD: number;

  constructor(
    readonly problem: Problem,
    like?: RowScores,
  ) {
    const { dims, options } = problem.case;
    const { mask, dialect, numeric, inputs } = problem;
    this.heads = dims.hk * dims.g;
    this.keyHeads = dims.hk;
    this.m = mask.m;
    this.n = mask.n;
    this.d = dims.d;
    this.e = dims.e;
    this.scale = scaleOf(problem);
    this.cap = typeof options.softcap === 'number' ? options.softcap : undefined;
    this.sink = inputs.sink?.data;
    this.lost =
      like?.lost ??
      Object.fromEntries(
        Object.entries(inputs).map(([name, input]) => [name, name === 'dlse' ? undefined : (input.bound ?? readingLoss(numeric, input))]),
      );
    this.tiled = dialect.heads === 'tiled';
    this.plainOffset = queryOffset(dialect.causal, mask.m, mask.n, problem.case.block);
    this.offset = this.plainOffset;
    this.endKey = this.n;
    this.capHides = dialect.softcap === 'after-mask' && this.cap !== undefined;
    this.capsBias = dialect.bias === 'before-softcap' && this.cap !== undefined;
    this.gammaD = gamma(dims.d, numeric.a) + (numeric.tf32 ? TF32 : 0) + (numeric.prescaledQ ? numeric.u : 0);
    this.runs = like?.runs ?? new Int32Array(this.n + 2);
    this.most = Math.min(this.n, problem.focus?.most ?? this.n);
    this.key = new Int32Array(this.most);
    this.score = new Float64Array(this.most);
    this.scoreBound = new Float64Array(this.most);
    this.tanh = new Float64Array(this.most);
  }

  keyHead(h: number): number {
    return this.tiled ? h % this.keyHeads : Math.floor(h / (this.heads / this.keyHeads));
  }

  /** Limit of Σ|q||k| of a key from the bound of its score, without a softcap. */
  largestSum(bound: number): number {
    return bound / (Math.abs(this.scale) * this.gammaD);
  }

  /** Computes row i; false without a visible key or sink. @param products known q·k of the row. */
  protected loadScores(b: number, h: number, i: number, products?: RowProducts): boolean {
    this.place(b, i);
    this.runCount = this.problem.mask.runs(b, h, i, this.runs);
    const { focus } = this.problem;
    if (focus) this.runCount = runsInFocus(focus, (b * this.heads + h) * this.m + i, this.runs, this.runCount);
    this.count = this.capHides ? this.endKey - this.firstKey : this.listKeys();
    if (this.capHides) this.listAll();
    if (this.count === 0 && !this.sink) return false;
    this.scores(b, h, i, products);
    return this.count > 0 || this.sink !== undefined;
  }

  /** Sets key range and offset of row i, relative to its segment. */
  private place(b: number, i: number): void {
    const { mask } = this.problem;
    if (!mask.segmentOf) return;
    const segment = mask.segmentOf(b, i);
    [this.firstKey, this.endKey] = segment?.keys ?? [0, 0];
    this.offset = segment ? segment.offset + segment.keys[0] - segment.queries[0] : this.plainOffset;
  }

  private listKeys(): number {
    const { runs, key, firstKey } = this;
    const tile = this.problem.numeric.tile;
    let count = 0;
    let tiles = 0;
    let lastTile = -1;
    for (let r = 0; r < this.runCount; r++) {
      const start = runs[2 * r];
      const end = runs[2 * r + 1];
      for (let j = start; j < end; j++) key[count++] = j;
      const first = Math.floor((start - firstKey) / tile);
      const last = Math.floor((end - 1 - firstKey) / tile);
      tiles += last - first + (first === lastTile ? 0 : 1);
      lastTile = last;
    }
    this.tiles = tiles;
    return count;
  }

  private listAll(): void {
    const count = this.endKey - this.firstKey;
    for (let c = 0; c < count; c++) this.key[c] = this.firstKey + c;
    this.tiles = Math.ceil(count / this.problem.numeric.tile);
  }

  private scores(b: number, h: number, i: number, products: RowProducts | undefined): void {
    const { d, score, scoreBound, scale, gammaD, count } = this;
    const { a, w } = this.problem.numeric;
    const qAt = ((b * this.heads + h) * this.m + i) * d;
    const kAt = (b * this.keyHeads + this.keyHead(h)) * this.n * d;
    if (products) takeProducts(products, this.key, count, score, scoreBound);
    else
      multiplyRow(this.problem.inputs.q.data.subarray(qAt, qAt + d), this.problem.inputs.k.data, kAt, this.key, count, score, scoreBound);
    const size = Math.abs(scale);
    const scaleError = Math.abs(scale) === 1 ? 0 : 3 * a;
    const tiny = size * d * w + w;
    const dotError = size * gammaD;
    for (let c = 0; c < count; c++) {
      const s = score[c] * scale;
      score[c] = s;
      scoreBound[c] = dotError * scoreBound[c] + scaleError * Math.abs(s) + tiny;
    }
    if (this.lost.q || this.lost.k || this.problem.numeric.prescaledQ) this.addOperandErrors(qAt, kAt);
    this.storeScores();
    const { alibi, bias } = this.problem.inputs;
    if (bias && this.capsBias) this.addBias(b, h, i);
    if (this.cap !== undefined) this.softcap(this.cap);
    if (alibi) this.addAlibi(alibi.data[h], this.lost.alibi?.[h] ?? 0, i);
    if (bias && !this.capsBias) this.addBias(b, h, i);
    if (this.capHides) this.hideAtMinusCap();
  }

  private addOperandErrors(qAt: number, kAt: number): void {
    const { d, key, scoreBound, count, gammaD, lost } = this;
    const { prescaledQ, w } = this.problem.numeric;
    const q = this.problem.inputs.q.data;
    const k = this.problem.inputs.k.data;
    const size = Math.abs(this.scale);
    const stored = prescaledQ ? w : 0;
    for (let c = 0; c < count; c++) {
      const at = kAt + key[c] * d;
      let error = 0;
      for (let x = 0; x < d; x++) {
        const kSize = Math.abs(k[at + x]);
        error += ((lost.q?.[qAt + x] ?? 0) * size + stored) * kSize + (lost.k?.[at + x] ?? 0) * Math.abs(q[qAt + x]) * size;
      }
      scoreBound[c] += (1 + gammaD) * error;
    }
  }

  private softcap(cap: number): void {
    const { score, scoreBound, tanh, count } = this;
    const { a, w } = this.problem.numeric;
    for (let c = 0; c < count; c++) {
      if (score[c] === -Infinity) {
        this.setMinusCap(c, cap);
        continue;
      }
      const y = score[c] / cap;
      const ey = scoreBound[c] / Math.abs(cap) + 3 * a * Math.abs(y) + w;
      const t = Math.tanh(y);
      const slope = 1 / Math.cosh(Math.max(0, Math.abs(y) - ey)) ** 2;
      const et = slope * ey + 6 * a * Math.abs(t);
      tanh[c] = t;
      score[c] = cap * t;
      scoreBound[c] = Math.abs(cap) * et + 3 * a * Math.abs(score[c]) + w;
    }
    this.storeScores();
  }

  /**
   * ALiBi's factor: j − i − offset (`relative`), −|i + offset − j|, or j in the segment (`key`).
   */
  position(j: number, i: number): number {
    const form = this.problem.dialect.alibi;
    if (form === 'key') return j - this.firstKey;
    const relative = j - i - this.offset;
    return form === 'relative' ? relative : -Math.abs(relative);
  }

  private addAlibi(slope: number, lost: number, i: number): void {
    const { score, scoreBound, key, count } = this;
    const { a, w } = this.problem.numeric;
    for (let c = 0; c < count; c++) {
      const position = this.position(key[c], i);
      const term = slope * position;
      // one rounding each for the position, the product and the sum
      const e = 2 * a * Math.abs(term) + w + lost * Math.abs(position);
      score[c] += term;
      scoreBound[c] = (scoreBound[c] + e) * (1 + a) + a * Math.abs(score[c]);
    }
    this.storeScores();
  }

  private addBias(b: number, h: number, i: number): void {
    const { score, scoreBound, tanh, key, count, n } = this;
    const { a } = this.problem.numeric;
    const { data, shape } = this.problem.inputs.bias;
    const lost = this.lost.bias;
    const at = (((shape[0] === 1 ? 0 : b) * shape[1] + (shape[1] === 1 ? 0 : h)) * shape[2] + (shape[2] === 1 ? 0 : i)) * n;
    let kept = 0;
    for (let c = 0; c < count; c++) {
      const x = data[at + key[c]];
      if (x === -Infinity && !this.capsBias) continue; // hides the key
      const s = score[c] + x;
      key[kept] = key[c];
      tanh[kept] = tanh[c];
      score[kept] = s;
      scoreBound[kept++] = (scoreBound[c] + (lost?.[at + key[c]] ?? 0)) * (1 + a) + a * Math.abs(s);
    }
    this.count = kept;
    this.storeScores();
  }

  /** Adds the rounding of the scores, which an unfused kernel stores after every step. */
  private storeScores(): void {
    if (!this.problem.numeric.scoresStored) return;
    const { score, scoreBound, count } = this;
    const { u, w, storage } = this.problem.numeric;
    const largest = floatFormats[storage].max;
    for (let c = 0; c < count; c++) {
      const s = Math.abs(score[c]);
      scoreBound[c] = s + scoreBound[c] > largest ? Infinity : scoreBound[c] * (1 + u) + u * s + w;
    }
  }

  private hideAtMinusCap(): void {
    const { key, runs, runCount, count } = this;
    const cap = this.cap as number;
    let r = 0;
    for (let c = 0; c < count; c++) {
      while (r < runCount && runs[2 * r + 1] <= key[c]) r++;
      if (r < runCount && runs[2 * r] <= key[c]) continue;
      this.setMinusCap(c, cap);
    }
  }

  private setMinusCap(c: number, cap: number): void {
    this.score[c] = -cap;
    this.tanh[c] = -1;
    this.scoreBound[c] = 9 * this.problem.numeric.a * Math.abs(cap);
  }
}
