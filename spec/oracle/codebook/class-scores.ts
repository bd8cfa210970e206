import { relativeError } from '../../numeric/relative-error.js';
import type { Codebook, Problem } from '../../problem.js';
import { type Float64Tensor, readRows } from '../../tensor/tensor-rows.js';
import { SoftmaxRow } from '../softmax-row.js';

/** Scores of a query head's row classes with its key classes [row class, key class]. */
export interface ClassScores {
  /** Class vectors [class, d]; zeros for an empty class. */
  readonly q: Float64Array;
  readonly k: Float64Array;
  /** exp(score − largest), and the largest score of each row class. */
  readonly weight: Float64Array;
  readonly largest: Float64Array;
  /** Largest |score| and largest bound of each row class. */
  readonly size: Float64Array;
  readonly bound: Float64Array;
  readonly relative: Float64Array;
  readonly scale: number;
}

/** Computes the scores of a query head's classes. */
export function classScores(problem: Problem & { readonly codebook: Codebook }, head: number): ClassScores {
  const { codebook, inputs, case: c, mask, numeric } = problem;
  const { classes } = codebook;
  const { d } = c.dims;
  const q = vectorsOf(codebook.ofRow, inputs.q, head * mask.m, mask.m, classes, d);
  const k = vectorsOf(codebook.ofKey, inputs.k, codebook.keyHead[head] * mask.n, mask.n, classes, d);
  const sizes = { b: 1, hk: 1, g: 1, m: classes, n: classes };
  const row = new SoftmaxRow({
    ...problem,
    codebook: undefined,
    rows: undefined,
    case: { ...c, dims: { ...c.dims, ...sizes } },
    inputs: { q: { shape: [1, 1, classes, d], data: q }, k: { shape: [1, 1, classes, d], data: k } },
    mask: {
      ...sizes,
      heads: 1,
      perBatch: false,
      perHead: false,
      visible: () => true,
      runs: everyKey(classes),
      area: () => classes ** 2,
      tables: {},
    },
  });
  const scores: ClassScores = {
    q,
    k,
    weight: new Float64Array(classes * classes),
    largest: new Float64Array(classes),
    size: new Float64Array(classes),
    bound: new Float64Array(classes),
    relative: new Float64Array(classes),
    scale: row.scale,
  };
  for (let own = 0; own < classes; own++) {
    row.load(0, 0, own);
    const { score, scoreBound, max } = row;
    scores.largest[own] = max;
    for (let x = 0; x < classes; x++) {
      scores.weight[own * classes + x] = Math.exp(score[x] - max);
      scores.size[own] = Math.max(scores.size[own], Math.abs(score[x]));
      scores.bound[own] = Math.max(scores.bound[own], scoreBound[x]);
      const relative = relativeError(scoreBound[x]) + (6 + 3 * (max - score[x])) * numeric.a;
      scores.relative[own] = Math.max(scores.relative[own], relative);
    }
  }
  return scores;
}

function everyKey(n: number): (b: number, h: number, i: number, out: Int32Array) => number {
  return (_b, _h, _i, out) => {
    out[0] = 0;
    out[1] = n;
    return 1;
  };
}

/** Vector of each class: of its first row. */
function vectorsOf(classOf: Uint8Array, tensor: Float64Tensor, from: number, rows: number, classes: number, d: number): Float64Array {
  const vectors = new Float64Array(classes * d);
  const found = new Uint8Array(classes);
  for (let row = from; row < from + rows; row++) {
    const own = classOf[row];
    if (found[own]) continue;
    found[own] = 1;
    readRows(tensor, row, 1, d, vectors, own * d);
  }
  return vectors;
}
