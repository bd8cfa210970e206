import type { Positions } from '../../../../spec/positions.js';
import { type Tensor, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { AttentionState } from '../../../parallel/blocks/attention-state.js';
import type { RankContext, ShardGradients, StoredOutputs } from '../../../parallel/program.js';

/** Returns a rank's positions in reverse order. */
export function reversed(places: readonly Positions[]): Positions[] {
  return places
    .map(({ start, length, stride }) => ({ start: start + (length - 1) * stride, length, stride: length === 1 ? 1 : -stride }))
    .reverse();
}

export function reversedOutputs({ shard }: RankContext, { o, lse }: AttentionState): AttentionState {
  const rows = shard.q.shape[2];
  return { o: rowsReversed(o, rows, shard.v.shape[3]), lse: rowsReversed(lse, rows, 1) };
}

export function reversedStored({ o, lse }: StoredOutputs): StoredOutputs {
  const [, , rows, e] = o.shape;
  return { o: reversedTensor(o, rows, e), lse: reversedTensor(lse, rows, 1) };
}

export function reversedGradients({ shard: { q, k, v } }: RankContext, { dq, dk, dv, ...rest }: ShardGradients): ShardGradients {
  return {
    dq: rowsReversed(dq, q.shape[2], q.shape[3]),
    dk: rowsReversed(dk, k.shape[2], k.shape[3]),
    dv: rowsReversed(dv, v.shape[2], v.shape[3]),
    ...rest,
  };
}

function reversedTensor(t: Tensor, rows: number, width: number): Tensor {
  return tensorOf(t.dtype, t.shape, rowsReversed(valuesOf(t), rows, width));
}

/** Reverses the rows of each head in [b, h, rows, width]. */
function rowsReversed(data: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let row = 0; row * width < data.length; row++) {
    const head = row - (row % rows);
    out.set(data.subarray(row * width, (row + 1) * width), (head + rows - 1 - (row - head)) * width);
  }
  return out;
}
