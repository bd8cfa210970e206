import type { Focus, Problem } from '../problem.js';
import { largest, largestOf, longest, longestOf, OTHERS } from './focus.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Errors of gradients by keys outside a row's focus: dq at once, dk and dv after all rows. */
export class FocusErrors {
  private readonly focus: Focus;
  private readonly words: number;
  /** Active rows of each [b, hk, word]. */
  private readonly rows: Int32Array;
  /** Sum of the other keys' weights over the rows of each [b, hk, kind, word]. */
  private readonly weights: Float64Array;
  private readonly largest: { readonly q: number; readonly k: number; readonly do: number };
  /** Largest row norms of v and do, and largest |dlse|. */
  private readonly vLength: number;
  private doLength = 0;
  private dLse = 0;

  constructor(
    problem: Problem & { readonly focus: Focus },
    private readonly row: SoftmaxRow,
    active: Uint8Array,
  ) {
    const { focus, inputs } = problem;
    const { b } = problem.case.dims;
    this.focus = focus;
    this.words = Math.min(focus.period, Math.ceil(row.n / focus.width));
    this.rows = new Int32Array(b * row.keyHeads * this.words);
    this.weights = new Float64Array(b * row.keyHeads * focus.kinds * this.words);
    for (let at = 0; at < active.length; at++) {
      if (!active[at] || focus.block[at] < 0) continue;
      const head = Math.floor(at / row.m);
      this.rows[this.headOf(Math.floor(head / row.heads), head % row.heads) * this.words + this.wordOf(at)]++;
    }
    this.largest = { q: largestOf(inputs.q), k: largestOf(inputs.k), do: largestOf(inputs.do) };
    this.vLength = Math.sqrt(longestOf(inputs.v, row.e));
  }

  rowsOf(b: number, h: number, at: number): number {
    return this.rows[this.headOf(b, h) * this.words + this.wordOf(at)];
  }

  /** Records a row's weight on other keys; call once per row. */
  note({ others, e }: Pick<SoftmaxRow, 'others' | 'e'>, b: number, h: number, at: number, dOut: Float64Array, dLse: number): void {
    const { focus } = this;
    this.doLength = Math.max(this.doLength, Math.sqrt(longest(dOut, e)));
    this.dLse = Math.max(this.dLse, Math.abs(dLse));
    this.weights[(this.headOf(b, h) * focus.kinds + focus.kind[at]) * this.words + this.wordOf(at)] += others;
  }

  /** Bound of the other keys' effect on each element of dq, before the scale. */
  ofRow(row: SoftmaxRow, dOut: Float64Array, dLse: number): number {
    return OTHERS * row.others * this.largest.k * this.scoreGradient(Math.sqrt(longest(dOut, row.e)), dLse);
  }

  /**
   * Bounds of the effect of rows with other targets on dk (before the scale) and dv. Over all
   * targets of one kind, a key gets one block's share of what one row leaves to all, since the
   * words are a linear code.
   * @param head key head, whose rows are all recorded.
   */
  ofKeys(head: number): { readonly dk: number; readonly dv: number } {
    const weight = OTHERS * this.weightOn(head);
    return { dk: weight * this.largest.q * this.scoreGradient(this.doLength, this.dLse), dv: weight * this.largest.do };
  }

  private weightOn(head: number): number {
    const { kinds, width } = this.focus;
    let sum = 0;
    for (let kind = 0; kind < kinds; kind++) {
      const at = (head * kinds + kind) * this.words;
      sum += largest(this.weights.subarray(at, at + this.words));
    }
    return sum / width;
  }

  /** Largest |dS| ÷ P of a row: of dP − Δ + dlse. */
  private scoreGradient(length: number, dLse: number): number {
    return 2 * length * this.vLength + Math.abs(dLse);
  }

  private headOf(b: number, h: number): number {
    return b * this.row.keyHeads + this.row.keyHead(h);
  }

  private wordOf(at: number): number {
    return this.focus.block[at] % this.focus.period;
  }
}
