import type { Focus, Problem } from '../problem.js';
import { largest, largestOf, longest, longestOf, OTHERS } from './focus.js';
import type { SoftmaxRow } from './softmax-row.js';

/** Errors of gradients by the keys outside a row's focus: to its dq at once, and to dk and dv of all keys after the last row. */
export class FocusErrors {
  private readonly focus: Focus;
  /** Number of words of blocks. */
  private readonly words: number;
  /** Active rows of each [b, hk, word]. */
  private readonly rows: Int32Array;
  /** Weight of the other keys, added up over the rows of each [b, hk, kind, word]. */
  private readonly weights: Float64Array;
  private readonly largest: { readonly q: number; readonly k: number; readonly do: number };
  /** Largest lengths of rows of v and do, and the largest |dlse|. */
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

  /** Number of active rows in whose focus the keys of the loaded row are. */
  rowsOf(b: number, h: number, at: number): number {
    return this.rows[this.headOf(b, h) * this.words + this.wordOf(at)];
  }

  /** Notes what a row leaves to other keys, once for each row. */
  note({ others, e }: Pick<SoftmaxRow, 'others' | 'e'>, b: number, h: number, at: number, dOut: Float64Array, dLse: number): void {
    const { focus } = this;
    this.doLength = Math.max(this.doLength, Math.sqrt(longest(dOut, e)));
    this.dLse = Math.max(this.dLse, Math.abs(dLse));
    this.weights[(this.headOf(b, h) * focus.kinds + focus.kind[at]) * this.words + this.wordOf(at)] += others;
  }

  /** Returns what the other keys may do to each element of a row's dq, before the scale. */
  ofRow(row: SoftmaxRow, dOut: Float64Array, dLse: number): number {
    return OTHERS * row.others * this.largest.k * this.scoreGradient(Math.sqrt(longest(dOut, row.e)), dLse);
  }

  /**
   * Returns what the rows that have another target may do to the bounds of dk, before the scale, and dv of a key head. Over all targets of one kind, a key
   * gets one block's share of what one row leaves to all, since the words are a linear code.
   * @param head of all key heads and batch entries; all of its rows have been noted.
   */
  ofKeys(head: number): { readonly dk: number; readonly dv: number } {
    const weight = OTHERS * this.weightOn(head);
    return { dk: weight * this.largest.q * this.scoreGradient(this.doLength, this.dLse), dv: weight * this.largest.do };
  }

  /** Largest weight, over all rows that have another target, of a key of a head. */
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
