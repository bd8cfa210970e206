import { gamma, narrowStore } from '../numeric/profile.js';
import { type Expected, type Problem, zeros } from '../problem.js';
import { storedBound } from './output-bound.js';
import { apart, type RowGradients } from './row-gradients.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Gradients of terms in the scores: the sink (one more score), a bias, ALiBi's slopes. */
export class ScoreTerms {
  readonly gradients: { readonly dsink?: Expected; readonly dbias?: Expected; readonly dalibi?: Expected };

  constructor(
    private readonly problem: Problem,
    { heads }: SoftmaxRow,
  ) {
    const { sink, bias, alibi } = problem.inputs;
    this.gradients = {
      ...(sink && { dsink: zeros([heads]) }),
      ...(bias && { dbias: zeros(bias.shape) }),
      ...(alibi && { dalibi: zeros([heads]) }),
    };
  }

  /** Adds a row's term to dsink = −Σ exp(sink − LSE)·(Δ − dlse). */
  addSink(row: SoftmaxRow, h: number, delta: number, deltaBound: number, dLse: number): void {
    const { a, t } = this.problem.numeric;
    const out = this.gradients.dsink as Expected;
    const p = row.sinkWeight;
    const sink = (row.sink as Float64Array)[h];
    const lseBound = storedBound(row.lse, row.lseBound(), this.problem.numeric.accumulate === 'f64' ? 'f64' : 'f32', false);
    const e =
      p *
        (Math.expm1(lseBound + (row.lost.sink?.[h] ?? 0) + 2 * a * (Math.abs(sink) + Math.abs(row.lse))) +
          (6 + 3 * Math.abs(sink - row.lse)) * a +
          this.problem.numeric.exp) +
      t;
    this.accumulate(
      out,
      h,
      -p * delta,
      e * (apart(-delta, dLse) + deltaBound) + p * deltaBound + a * Math.abs(p * delta) + t,
      this.problem.case.dims.b * row.m,
    );
  }

  addBias({ row, dp, dpBound }: RowGradients, b: number, h: number, i: number): void {
    const out = this.gradients.dbias;
    if (!out) return;
    const { u, w } = narrowStore(this.problem.numeric);
    const stored = this.problem.numeric.scoreGradientsStored;
    const [sb, sh, sm] = out.shape;
    const at = (((sb === 1 ? 0 : b) * sh + (sh === 1 ? 0 : h)) * sm + (sm === 1 ? 0 : i)) * row.n;
    const terms = (this.problem.case.dims.b / sb) * (row.heads / sh) * (row.m / sm);
    for (let c = 0; c < row.count; c++) {
      const g = dp[c];
      this.accumulate(out, at + row.key[c], g, stored ? dpBound[c] * (1 + u) + u * Math.abs(g) + w : dpBound[c], terms);
    }
  }

  /** Adds a row's term to dalibi, from the gradient after the softcap. */
  addAlibi({ row, dp, dpBound }: RowGradients, h: number, i: number): void {
    const out = this.gradients.dalibi;
    if (!out) return;
    const terms = this.problem.case.dims.b * row.m * row.n;
    const { a, t } = this.problem.numeric;
    const { u, w } = narrowStore(this.problem.numeric);
    const stored = this.problem.numeric.scoreGradientsStored;
    for (let c = 0; c < row.count; c++) {
      const position = row.position(row.key[c], i);
      const e = stored ? dpBound[c] * (1 + u) + u * Math.abs(dp[c]) + w : dpBound[c];
      this.accumulate(out, h, dp[c] * position, e * Math.abs(position) + 2 * a * Math.abs(dp[c] * position) + t, terms);
    }
  }

  private accumulate(out: Expected, at: number, value: number, bound: number, terms: number): void {
    const { a, u, parts } = this.problem.numeric;
    const stored = parts > 1 ? u + gamma(parts, a) : 0;
    out.value[at] += value;
    out.bound[at] += bound + (gamma(terms, a) + stored) * (Math.abs(value) + bound);
  }
}
