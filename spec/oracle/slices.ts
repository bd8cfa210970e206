import { plainOperator } from '../operators/plain.js';
import { type Expectation, type Expected, type Problem, zeros } from '../problem.js';
import { codebookBackward } from './codebook/codebook-backward.js';
import { codebookForward } from './codebook/codebook-forward.js';
import { countedForward } from './counted/counted-forward.js';
import type { ExpectedSlice } from './expected-slice.js';
import { softmaxBackwardSlices } from './softmax-backward.js';
import { type RowFilter, softmaxForwardSlices } from './softmax-forward.js';

/** Expected outputs in slices, to save memory; undefined if a gradient sums over all rows. */
export function expectedSlices(problem: Problem, gradients: boolean): Generator<ExpectedSlice> | undefined {
  if (problem.operator !== plainOperator) return undefined;
  const chosen = chosenSlices(problem, gradients);
  if (chosen || !problem.focus) return chosen;
  return gradients ? softmaxBackwardSlices(problem) : softmaxForwardSlices(problem);
}

/** Slices of plain attention whose inputs give known sums. @param rows of a forward pass. */
export function chosenSlices(problem: Problem, gradients: boolean, rows?: RowFilter): Generator<ExpectedSlice> | undefined {
  const { counts, codebook } = problem;
  if (counts && !gradients) return countedForward({ ...problem, counts }, rows);
  if (!codebook) return undefined;
  return gradients ? codebookBackward({ ...problem, codebook }) : codebookForward({ ...problem, codebook }, rows);
}

/** Joins slices of outputs or gradients; missing rows are undecided. */
export function wholeOf(problem: Problem, gradients: boolean, slices: Iterable<ExpectedSlice>): Expectation {
  const { b, hk, d, e } = problem.case.dims;
  const { heads, m, n } = problem.mask;
  const outputs: Record<string, Expected> = gradients
    ? { dq: zeros([b, heads, m, d]), dk: zeros([b, hk, n, d]), dv: zeros([b, hk, n, e]) }
    : { o: zeros([b, heads, m, e]), lse: zeros([b, heads, m]) };
  for (const { bound } of Object.values(outputs)) bound.fill(Infinity);
  const empty = new Uint8Array(b * heads * m);
  for (const { output, rows, width, expected, empty: own } of slices) {
    const { value, bound } = outputs[output];
    rows.forEach((row, at) => {
      value.set(expected.value.subarray(at * width, (at + 1) * width), row * width);
      bound.set(expected.bound.subarray(at * width, (at + 1) * width), row * width);
      if (own?.[at]) empty[row] = 1;
    });
  }
  return { outputs, empty, ...(problem.rows && !gradients && { rows: problem.rows }) };
}
