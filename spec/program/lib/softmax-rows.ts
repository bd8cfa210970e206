import { lseErrorOfScores } from '../../numeric/lse-error.js';
import { gamma } from '../../numeric/profile.js';
import { relativeError, spread } from '../../numeric/relative-error.js';
import { type Winner, winningKey } from '../../numeric/winning-key.js';
import { type Application, type Signature, TermError } from '../primitive.js';
import { floats } from '../scratch.js';
import { offsets, type ProgramTensor, strideOf, union, without } from '../tensor.js';
import { requireAxes } from './require-axes.js';

/** All axes of x, `where` and sink. @throws {TermError} if x lacks the axis, or the sink has it. */
export function softmaxAxes({ operands: { x, where, sink }, axes }: Signature): string[] {
  requireAxes(axes, x);
  if (sink?.axes.includes(axes[0])) throw new TermError(`the sink must not have axis "${axes[0]}": it is one extra logit beside that axis`);
  return union(x.axes, where?.axes ?? [], sink?.axes ?? []);
}

/** Rows of a softmax or logsumexp, loaded one at a time: visible keys, maximum, sum and LSE. */
export class SoftmaxRows {
  readonly rowAxes: string[];
  readonly count: number;
  readonly length: number;
  /** Largest score of the row (with the sink), Σ exp(s − max), log Σ exp(s). */
  max = 0;
  sum = 0;
  lse = 0;
  /** Visible keys, and tiles of `numeric.tile` keys with a visible key. */
  visible = 0;
  tiles = 0;
  /** True if the row has no score above −∞ and no sink. */
  empty = false;
  /** True if an undecided `where` makes the row unknown. */
  open = false;

  private readonly x: Float64Array;
  private readonly where: Float64Array | undefined;
  private readonly whereErrors: Float64Array | undefined;
  private readonly sink: ProgramTensor | undefined;
  private readonly xAt: Int32Array;
  private readonly xStep: number;
  private readonly whereAt: Int32Array;
  private readonly whereStep: number;
  private readonly sinkAt: Int32Array;
  private readonly errors: Float64Array | undefined;
  private readonly scores: Float64Array;
  private readonly exponentials: Float64Array;
  private readonly relatives: Float64Array;
  private row = 0;

  constructor(
    private readonly application: Application,
    axes: readonly string[],
  ) {
    const { operands, sizes } = application;
    const [axis] = application.axes;
    this.rowAxes = without(axes, [axis]);
    const { x, where, sink } = operands;
    this.x = x.value;
    this.where = where?.value;
    this.whereErrors = where?.bound;
    this.sink = sink;
    const over = (t: ProgramTensor | undefined) => (t ? offsets(t.axes, this.rowAxes, sizes) : new Int32Array(0));
    this.xAt = over(x);
    this.whereAt = over(where);
    this.sinkAt = over(sink);
    this.count = this.xAt.length;
    this.length = sizes[axis];
    this.scores = floats(this.length);
    this.exponentials = floats(this.length);
    this.relatives = floats(this.length);
    this.xStep = strideOf(x.axes, axis, sizes);
    this.whereStep = where ? strideOf(where.axes, axis, sizes) : 0;
    this.errors = x.bound;
  }

  load(row: number): void {
    this.row = row;
    const { x, xStep, where, whereStep, length, scores, exponentials } = this;
    const { tile } = this.application.profile;
    const [xFrom, whereFrom] = [this.xAt[row], this.whereAt[row]];
    const sink = this.sinkLogit().score;
    let max = sink;
    let visible = 0;
    let tiles = 0;
    let tileEnd = 0;
    for (let j = 0; j < length; j++) {
      if (where && where[whereFrom + j * whereStep] === 0) {
        scores[j] = -Infinity;
        continue;
      }
      const score = x[xFrom + j * xStep];
      scores[j] = score;
      visible++;
      if (j >= tileEnd) {
        tiles++;
        tileEnd = (Math.floor(j / tile) + 1) * tile;
      }
      if (score > max || score !== score) max = score;
    }
    let sum = max > -Infinity ? Math.exp(sink - max) : 0;
    for (let j = 0; j < length; j++) {
      const exponential = scores[j] === -Infinity ? 0 : Math.exp(scores[j] - max);
      exponentials[j] = exponential;
      sum += exponential;
    }
    this.visible = visible;
    this.tiles = tiles;
    this.open = false;
    for (let j = 0; this.whereErrors && j < length; j++) this.open ||= this.isOpen(j);
    this.max = max;
    this.empty = max === -Infinity && !this.sink;
    this.sum = sum;
    this.lse = max === -Infinity ? -Infinity : max + Math.log(sum);
  }

  isOpen(j: number): boolean {
    return (this.whereErrors?.[this.whereAt[this.row] + j * this.whereStep] ?? 0) > 0;
  }

  /** Tells if key j is visible and its score is not −∞. */
  contributes(j: number): boolean {
    return this.scores[j] !== -Infinity;
  }

  weight(j: number): number {
    return this.exponentials[j] / this.sum;
  }

  private error(j: number): number {
    return this.errors ? this.errors[this.xAt[this.row] + j * this.xStep] : 0;
  }

  /** Relative error of exp(s − max) of key j. Call `totalError` first. */
  relativeError(j: number): number {
    return this.relatives[j];
  }

  private relative(score: number, error: number, exponentials: number): number {
    const { a } = this.application.profile;
    return relativeError(error) + (6 + 3 * Math.abs(score - this.max)) * a + exponentials;
  }

  /** Error of approximate exponentials: once for the key, and once per rescaling. */
  private exponentialError(): number {
    const { exp } = this.application.profile;
    return exp === 0 ? 0 : Math.expm1((this.tiles + (this.sink ? 1 : 0)) * exp);
  }

  /** Total error T of the row: Σ weight · relative error over keys and sink. */
  totalError(): number {
    const { scores, exponentials, relatives, sum, length } = this;
    const approximate = this.exponentialError();
    let total = 0;
    for (let j = 0; j < length; j++) {
      if (scores[j] === -Infinity) continue;
      relatives[j] = this.relative(scores[j], this.error(j), approximate);
      total += (exponentials[j] / sum) * relatives[j];
    }
    const { weight, relative } = this.sinkTerm();
    return total + weight * relative;
  }

  /** Error of the sink's normalised weight. @param total T, from `totalError`. */
  sinkSpread(total: number): number {
    const { weight, relative } = this.sinkTerm();
    return spread(weight, relative, total);
  }

  lseErrorOfScores(): number {
    let count = this.sink ? 1 : 0;
    let largest = this.sinkLogit().bound;
    for (let j = 0; j < this.length; j++) {
      if (!this.contributes(j)) continue;
      count++;
      largest = Math.max(largest, this.error(j));
    }
    const { max, lse } = this;
    return lseErrorOfScores(
      { count, max, lse, largest, exponentials: this.exponentialError(), sum: this.sumError() },
      this.application.profile,
    );
  }

  /** Winner of a row, if any. @param limits receives the limits of the keys' weights. */
  winner(limits: Float64Array): Winner | undefined {
    const keys: number[] = [];
    for (let j = 0; j < this.length; j++) if (this.contributes(j)) keys.push(j);
    const ofKeys = floats(keys.length);
    const { score, bound } = this.sinkLogit();
    const found = winningKey(
      {
        score: Float64Array.from(keys, (j) => this.scores[j]),
        bound: Float64Array.from(keys, (j) => this.error(j)),
        count: keys.length,
        tiles: this.tiles,
        ...(score > -Infinity && { sink: { score, bound } }),
      },
      this.application.profile,
      ofKeys,
    );
    for (const [c, j] of keys.entries()) limits[j] = ofKeys[c];
    return found && { ...found, at: keys[found.at] ?? -1 };
  }

  /** Weight of the sink and relative error of its exponential; both 0 without a sink. */
  private sinkTerm(): { weight: number; relative: number } {
    const { score, bound } = this.sinkLogit();
    if (score === -Infinity) return { weight: 0, relative: 0 };
    return { weight: Math.exp(score - this.max) / this.sum, relative: this.relative(score, bound, this.exponentialError()) };
  }

  private sinkLogit(): { score: number; bound: number } {
    const at = this.sinkAt[this.row];
    return { score: this.sink?.value[at] ?? -Infinity, bound: this.sink?.bound?.[at] ?? 0 };
  }

  /** Relative error of the sum, rescalings and division: γ(c + 4B + 8) for c keys in B tiles. */
  sumError(): number {
    return gamma(this.visible + 4 * this.tiles + 8, this.application.profile.a);
  }
}

/** Attributes of softmax and logsumexp. */
export const softmaxAttributes = { where: { kind: 'boolean' }, sink: { kind: 'number' } } as const;
