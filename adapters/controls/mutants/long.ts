import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { Arithmetic, Numbers } from '../reference/arithmetic/arithmetic.js';
import type { SoftmaxProblem } from '../reference/problem/softmax-problem.js';
import { online, onlineTiles, tile } from '../reference/softmax/online.js';
import type { SoftmaxForward } from '../reference/softmax/softmax-forward.js';
import type { Row } from '../reference/steps/row.js';
import type { RowSoftmax } from '../reference/steps/softmax-row.js';
import { standardSteps } from '../reference/steps/steps.js';
import { mutantsOf } from './lib/mutant.js';
import { forwardOf, isWindow } from './lib/problem-steps.js';

/** Minimum number of keys of the faulty path for long sequences. */
const LONG = 2 ** 15 - 1;

/** Keys of a split, and number of splits that the merge supports. */
const [SPLIT, SPLITS] = [2 ** 14, 7];

const TILE = 128;

const KEPT = 64;

const isLong = ({ n }: SoftmaxProblem) => n >= LONG;
const int16 = (x: number) => (x << 16) >> 16;

/** Faults above some length. The 31-bit wrap is scaled down, as its title says. */
export const longMutants = mutantsOf('Long sequences', [
  {
    id: 'position-int16',
    title: 'positions in a mask have 16 bits with a sign',
    imitates: 'int16 positions and cache slots, right up to 32,767 keys',
    profile: 'long',
    fault: {
      steps: {
        visible: (p, b, h, i, j) => {
          const place = int16(i + p.offset);
          const isSeen = (p.left < 0 || int16(j) >= place - p.left) && (p.right < 0 || int16(j) <= place + p.right);
          return isSeen && standardSteps.visible(p, b, h, i, j);
        },
      },
    },
  },
  {
    id: 'position-uint16',
    title: 'the row of K of a key is kept in 16 bits: keys from 65,536 on are read from the first rows again',
    imitates: 'https://github.com/NVIDIA/TensorRT-LLM/pull/1076',
    profile: 'long',
    fault: { forward: forwardOf((p) => (p.n <= 2 ** 16 ? p : { ...p, k: rowsFrom(p, p.k, p.d, (j) => j % 2 ** 16) })) },
  },
  {
    id: 'element-offset-21-bits',
    title: 'offsets of elements of V have 21 bits (int32, scaled down), and wrap around within a head',
    imitates: '32-bit offsets, which end at 99,866 tokens of 168 heads of 128',
    profile: 'long',
    fault: { forward: forwardOf((p) => (p.n * p.e <= 2 ** 21 ? p : { ...p, v: wrapped(p, p.v, p.e, 2 ** 21) })) },
  },
  {
    id: 'split-left-out',
    title: `the merge takes ${SPLITS} splits of ${SPLIT} keys: those after them are lost`,
    imitates: 'split-KV decoding with room for fewer partial results than a long sequence has splits',
    profile: 'long',
    fault: { steps: { endKey: (p, i) => Math.min(standardSteps.endKey(p, i), SPLIT * SPLITS) } },
  },
  {
    id: 'last-tile-of-last-split',
    title: 'long sequences are split: the last tile of the last split is lost',
    imitates: 'splits of whole tiles, the last of which is rounded down',
    profile: 'long',
    fault: {
      steps: {
        endKey: (p, i) => Math.min(standardSteps.endKey(p, i), isLong(p) ? p.n - (((p.n - 1) % tile) + 1) : p.n),
      },
    },
  },
  {
    id: 'value-tile-stale',
    title: 'over long sequences every 64th tile of V is still the tile before it',
    imitates: 'a pipeline over tiles of V whose copy is not waited for',
    profile: 'long',
    fault: {
      forward: forwardOf((p) =>
        isLong(p) ? { ...p, v: rowsFrom(p, p.v, p.e, (j) => (Math.floor(j / tile) % 64 === 63 ? j - tile : j)) } : p,
      ),
    },
  },
  {
    id: 'tile-pair-skipped',
    title: 'over long sequences every 16th tile of queries skips the tile of keys before its own',
    imitates: 'a table of tile pairs that are not empty, with one pair too few',
    profile: 'long',
    fault: { steps: { visible: (p, b, h, i, j) => !isSkipped(p, i, j) && standardSteps.visible(p, b, h, i, j) } },
  },
  {
    id: 'window-edge-by-a-tile',
    title: 'over long sequences a window begins at the next tile',
    imitates: 'the first tile of a window rounded up instead of down',
    profile: 'long',
    fault: {
      steps: {
        firstKey: (p, i) => {
          const first = standardSteps.firstKey(p, i);
          return isLong(p) && isWindow(p) ? Math.min(tile * Math.ceil(first / tile), standardSteps.endKey(p, i) - 1) : first;
        },
      },
    },
  },
  {
    id: 'splits-merged-in-bf16',
    title: 'over long sequences the output is kept in bf16 between tiles, which is not declared',
    imitates: 'partial results of splits in the type of the output',
    profile: 'long',
    dtypes: ['bf16'],
    fault: { forward: (p, steps) => (isLong(p) ? onlineTiles(tile, (x) => roundTo('bf16', x)) : online)(p, steps) },
  },
  {
    id: 'dq-columns-unwritten',
    title: 'over long sequences the last 8 columns of dq are not written',
    imitates: 'a store of dq by vectors, in the variant for long sequences',
    profile: 'long',
    fault: {
      wrap: ({ backward }) => ({
        backward: async (call) => {
          const gradients = await backward(call);
          const { n, d } = call.case.dims;
          return n < LONG ? gradients : { ...gradients, dq: withoutColumns(gradients.dq, d, d - 8) };
        },
      }),
    },
  },
  {
    id: 'decoding-loses-a-key',
    title: 'a step of decoding loses a key of each row once its weights sum to 16,384: the next key with the largest weight',
    imitates: 'the start of a split is rounded up, but the split before ends one key earlier',
    profile: 'long',
    alone: 'long-counted',
    fault: { forward: (p, steps) => (p.m < p.n ? withoutOne(16_384) : online)(p, steps) },
  },
  {
    id: 'row-sum-in-16-bits',
    title: 'the sum of the weights of a row ends at 65,504, the largest number of f16',
    imitates: 'partial sums of weights that are passed on in the storage type',
    profile: 'long',
    fault: {
      steps: {
        normalise: (a, softmax, ...rest) => standardSteps.normalise(a, inHalf(softmax), ...rest),
        logSumExp: (a, softmax) => standardSteps.logSumExp(a, inHalf(softmax)),
      },
    },
  },
  {
    id: 'far-keys-skipped',
    title: 'over long sequences keys are left out whose score is 5 or more below the largest so far, once the weights of a row sum to 256',
    imitates: 'kernels that leave out scores far below the maximum of the softmax, with a threshold that is too tight',
    profile: 'long',
    alone: 'long-codebook',
    fault: { forward: (p, steps) => (isLong(p) ? withoutFar(5, 256) : online)(p, steps) },
  },
  {
    id: 'splits-by-batch',
    title: 'over long sequences keys are cut into longer tiles where there are several batch entries',
    imitates: 'a number of splits that follows from how many processors the batch leaves idle, under a promise of batch invariance',
    profile: 'long',
    alone: 'long-batch-invariant',
    fault: { forward: (p, steps) => stored(p, onlineTiles(isLong(p) && p.b > 1 ? 4 * tile : tile)(p, steps)) },
  },
  {
    id: 'value-tile-of-call-before',
    title: 'over long sequences the first 64 keys have the values of the call before, if that had the same shape',
    imitates: 'a workspace that is kept for each shape, and its first tile is read before it is written',
    profile: 'long',
    fault: { perKernel: () => ({ forward: withKeptTile() }) },
  },
  {
    id: 'tile-pair-skipped-backward',
    title: 'over long sequences every 16th tile of queries adds nothing to the gradients of the tile of keys before its own',
    imitates: 'a backward pass with its own table of tile pairs',
    profile: 'long',
    fault: {
      steps: {
        addValueGradient: (p, row, weights, ...rest) => standardSteps.addValueGradient(p, row, withoutSkipped(p, row, weights), ...rest),
        addKeyGradient: (p, row, gradients, ...rest) => standardSteps.addKeyGradient(p, row, withoutSkipped(p, row, gradients), ...rest),
      },
    },
  },
]);

/** Takes each row of [b, hk, n, width] from another index. */
function rowsFrom({ n }: SoftmaxProblem, rows: Numbers, width: number, place: (j: number) => number) {
  const taken = rows.slice();
  for (let row = 0; row < rows.length / width; row++) {
    const from = row - (row % n) + place(row % n);
    if (from !== row) taken.set(rows.subarray(from * width, (from + 1) * width), row * width);
  }
  return taken;
}

/** Wraps element offsets within a head around at `size`. */
function wrapped({ n }: SoftmaxProblem, rows: Numbers, width: number, size: number) {
  const head = n * width;
  return rows.map((_, at) => rows[at - (at % head) + ((at % head) % size)]);
}

/** Returns true for query and key pairs that a kernel of long sequences skips. */
function isSkipped(p: SoftmaxProblem, i: number, j: number): boolean {
  const own = Math.floor((i + p.offset) / TILE);
  return isLong(p) && own % 16 === 15 && Math.floor(j / TILE) === own - 1;
}

function inHalf(softmax: RowSoftmax): RowSoftmax {
  return { ...softmax, sum: Math.min(softmax.sum, 65_504) };
}

/** Leaves out keys far below the maximum once the sum of weights exceeds `enough`. */
function withoutFar(threshold: number, enough: number): SoftmaxForward {
  return withScores((scores, { max, sum }) => {
    if (sum > enough) for (let t = 0; t < scores.length; t++) if (scores[t] - max <= -threshold) scores[t] = -Infinity;
  });
}

/** Leaves out one key above a sum of `enough`; bounds that grow with n hide it. */
function withoutOne(enough: number): SoftmaxForward {
  const lost = new WeakSet<RowSoftmax>();
  return withScores((scores, softmax) => {
    if (softmax.sum < enough || lost.has(softmax)) return;
    lost.add(softmax);
    scores[scores.indexOf(Math.max(...scores))] = -Infinity;
  });
}

/** Online softmax with tile scores changed in place before weighting. */
function withScores(change: (scores: Numbers, softmax: RowSoftmax) => void): SoftmaxForward {
  return (p, steps) => {
    let row: RowSoftmax;
    const rescale: typeof steps.rescale = (a, softmax, ...rest) => {
      steps.rescale(a, softmax, ...rest);
      row = softmax;
    };
    const exponentials: Arithmetic['exponentials'] = (x, count, shift, out) => {
      const scores = x.slice(0, count);
      change(scores, row);
      return p.arithmetic.exponentials(scores, count, shift, out);
    };
    return online({ ...p, arithmetic: { ...p.arithmetic, exponentials } }, { ...steps, rescale });
  };
}

function stored(p: SoftmaxProblem, outputs: ReturnType<SoftmaxForward>) {
  p.store(outputs.o, 0, outputs.o.length);
  return outputs;
}

/** Gives the first keys of each head the values of the previous call. */
function withKeptTile(): SoftmaxForward {
  let kept: Numbers | undefined;
  return forwardOf((p) => {
    const before = kept;
    kept = isLong(p) ? p.v : undefined;
    if (!isLong(p) || before?.length !== p.v.length) return p;
    const v = p.v.slice();
    for (let head = 0; head < v.length; head += p.n * p.e) v.set(before.subarray(head, head + KEPT * p.e), head);
    return { ...p, v };
  });
}

function withoutSkipped(p: SoftmaxProblem, { i, keys, count }: Row, weights: Numbers) {
  const kept = weights.slice(0, count);
  for (let t = 0; t < count; t++) if (isSkipped(p, i, keys[t])) kept[t] = 0;
  return kept;
}

function withoutColumns(t: Tensor, width: number, from: number): Tensor {
  const data = t.data.slice();
  for (let at = 0; at < data.length; at++) if (at % width >= from) data[at] = 0 as never;
  return { ...t, data };
}
