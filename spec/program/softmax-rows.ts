import { gamma } from '../numeric/profile.js';
import { relativeError } from '../numeric/relative-error.js';
import { type Application, type Signature, TermError } from './primitive.js';
import { requireAxes } from './require-axes.js';
import { offsets, type ProgramTensor, strideOf, union, without } from './tensor.js';

/** Axes of the elements over which a softmax or logsumexp runs: those of x, of the mask and of the sink. */
export function softmaxAxes({ operands: { x, where, sink }, axes }: Signature): string[] {
  requireAxes(axes, x);
  if (sink?.axes.includes(axes[0])) throw new TermError(`the sink has axis "${axes[0]}" itself; it is one more logit beside that axis`);
  return union(x.axes, where?.axes ?? [], sink?.axes ?? []);
}

/** The rows of a softmax or logsumexp: what each sees, its maximum and its sum. One is loaded at a time. */
export class SoftmaxRows {
  readonly rowAxes: string[];
  readonly count: number;
  readonly length: number;
  /** Of the loaded row: the largest score (the sink's included), Σ exp(s − max), log Σ exp(s). */
  max = 0;
  sum = 0;
  lse = 0;
  /** Visible keys, and tiles of `numeric.tile` keys in which there is one. */
  visible = 0;
  tiles = 0;
  /** It sees no score above −∞, and there is no sink. */
  empty = false;

  private readonly x: ProgramTensor;
  private readonly where: ProgramTensor | undefined;
  private readonly sink: ProgramTensor | undefined;
  private readonly xAt: Int32Array;
  private readonly xStep: number;
  private readonly whereAt: Int32Array;
  private readonly whereStep: number;
  private readonly sinkAt: Int32Array;
  private readonly errors: Float64Array | undefined;
  /** exp(s − max) of the loaded row; 0 where a key does not contribute. */
  private readonly exponentials: Float64Array;
  private row = 0;

  constructor(
    private readonly application: Application,
    axes: readonly string[],
  ) {
    const { operands, sizes } = application;
    const [axis] = application.axes;
    this.rowAxes = without(axes, [axis]);
    this.x = operands.x;
    this.where = operands.where;
    this.sink = operands.sink;
    const over = (t: ProgramTensor | undefined) => (t ? offsets(t.axes, this.rowAxes, sizes) : new Int32Array(0));
    this.xAt = over(this.x);
    this.whereAt = over(this.where);
    this.sinkAt = over(this.sink);
    this.count = this.xAt.length;
    this.length = sizes[axis];
    this.exponentials = new Float64Array(this.length);
    this.xStep = strideOf(this.x.axes, axis, sizes);
    this.whereStep = this.where ? strideOf(this.where.axes, axis, sizes) : 0;
    this.errors = this.x.bound;
  }

  load(row: number): void {
    this.row = row;
    const { tile } = this.application.profile;
    let max = this.sink ? this.sink.value[this.sinkAt[row]] : -Infinity;
    let lastTile = -1;
    this.visible = 0;
    this.tiles = 0;
    for (let j = 0; j < this.length; j++) {
      if (!this.sees(j)) continue;
      this.visible++;
      const at = Math.floor(j / tile);
      if (at !== lastTile) this.tiles++;
      lastTile = at;
      const s = this.score(j);
      if (s > max || s !== s) max = s;
      if (max !== max) break;
    }
    this.max = max;
    this.empty = max === -Infinity && !this.sink;
    this.sum = this.sink && max > -Infinity ? Math.exp(this.sink.value[this.sinkAt[row]] - max) : 0;
    for (let j = 0; j < this.length; j++) {
      this.exponentials[j] = this.contributes(j) ? Math.exp(this.score(j) - max) : 0;
      this.sum += this.exponentials[j];
    }
    this.lse = max === -Infinity ? -Infinity : max + Math.log(this.sum);
  }

  sees(j: number): boolean {
    return this.where?.value[this.whereAt[this.row] + j * this.whereStep] !== 0;
  }

  /** Key j is visible, and no bias of −∞ hides it. */
  contributes(j: number): boolean {
    return this.sees(j) && this.score(j) !== -Infinity;
  }

  score(j: number): number {
    return this.x.value[this.xAt[this.row] + j * this.xStep];
  }

  weight(j: number): number {
    return this.exponentials[j] / this.sum;
  }

  /** Relative error of exp(s − max) of a key of the loaded row. */
  relativeError(j: number): number {
    return this.relative(this.score(j), this.errors ? this.errors[this.xAt[this.row] + j * this.xStep] : 0);
  }

  private relative(score: number, error: number): number {
    const { a, exp } = this.application.profile;
    // its own exponential, and one for each rescaling by a later tile or by the sink
    const exponentials = exp === 0 ? 0 : Math.expm1((this.tiles + (this.sink ? 1 : 0)) * exp);
    return relativeError(error) + (6 + 3 * Math.abs(score - this.max)) * a + exponentials;
  }

  /** T: the sum of weight · relative error over keys and sink. */
  totalError(): number {
    let total = 0;
    for (let j = 0; j < this.length; j++) if (this.contributes(j)) total += this.weight(j) * this.relativeError(j);
    const { weight, relative } = this.sinkTerm();
    return total + weight * relative;
  }

  /** p[(1 − p)rel + (T − p·rel) + 2(T + rel)²] of the sink. @param total T. */
  sinkSpread(total: number): number {
    const { weight, relative } = this.sinkTerm();
    return weight * ((1 - weight) * relative + (total - weight * relative) + 2 * (total + relative) ** 2);
  }

  /** The sink's weight, and the relative error of its exponential. */
  private sinkTerm(): { weight: number; relative: number } {
    const at = this.sinkAt[this.row];
    const sink = this.sink?.value[at] ?? -Infinity;
    if (sink === -Infinity) return { weight: 0, relative: 0 };
    return { weight: Math.exp(sink - this.max) / this.sum, relative: this.relative(sink, this.sink?.bound?.[at] ?? 0) };
  }

  /** γ(c + 4B + 8): relative error of the sum, its rescalings and the division. */
  sumError(): number {
    return gamma(this.visible + 4 * this.tiles + 8, this.application.profile.a);
  }
}

/** Attributes that softmax and logsumexp share. */
export const softmaxAttributes = { where: { kind: 'boolean' }, sink: { kind: 'number' } } as const;
