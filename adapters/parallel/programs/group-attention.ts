import { lengthOf } from '../../../spec/positions.js';
import { type Tensor, tensor, tensorOf } from '../../../spec/tensor/tensor.js';
import { addInto } from '../collectives/all-reduce.js';
import type { DocumentGroup } from '../collectives/document-groups.js';
import { join, slice } from '../collectives/slices.js';
import type { RankContext } from '../program.js';
import type { RingShare } from './ring.js';
import { type RingOutputs, ringBackward, ringForward, ringOver } from './ring.js';

/** Rows of a rank in all its documents, in the order of their positions. */
export interface GroupRows {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

/** Gradients of these rows, f64; dsink [hq] is from the rank's queries. */
export interface GroupGradients {
  readonly dq: Tensor;
  readonly dk: Tensor;
  readonly dv: Tensor;
  readonly dsink: Float64Array;
}

/** Returns o and LSE of the rank's rows, f64, from one ring per document. */
export async function groupForward(
  rank: RankContext,
  groups: readonly DocumentGroup[],
  rows: GroupRows,
): Promise<{ o: Tensor; lse: Tensor }> {
  const { q, v } = rows;
  const e = v.shape[3];
  const os = [noRows(q, e)];
  const lses = [noRows(q)];
  for (const { share } of sharesOf(rank, groups, rows)) {
    const { o, lse } = await ringForward(rank, share);
    const shape = share.q.shape.slice(0, 3);
    os.push(tensor('f64', [...shape, e], o));
    lses.push(tensor('f64', shape, lse));
  }
  return { o: join(os, 2), lse: join(lses, 2) };
}

/** Returns the gradients of the rank's rows. @param outputs their global outputs and cotangent. */
export async function groupBackward(
  rank: RankContext,
  groups: readonly DocumentGroup[],
  rows: GroupRows,
  outputs: RingOutputs,
): Promise<GroupGradients> {
  const { q, k, v } = rows;
  const [d, e] = [q.shape[3], v.shape[3]];
  const gradients = [[noRows(q, d)], [noRows(k, d)], [noRows(v, e)]];
  const dsink = new Float64Array(q.shape[1]);
  for (const { share, first, count } of sharesOf(rank, groups, rows)) {
    const [o, lse, cotangent] = [outputs.o, outputs.lse, outputs.do].map((t) => slice(t, 2, first, count));
    const { dq, dk, dv, dsink: own } = await ringBackward(rank, share, { o, lse, do: cotangent });
    [dq, dk, dv].forEach((data, x) => {
      gradients[x].push(tensor('f64', [share.q, share.k, share.v][x].shape, data));
    });
    if (own) addInto(dsink, own);
  }
  const [dq, dk, dv] = gradients.map((parts) => join(parts, 2));
  return { dq, dk, dv, dsink };
}

function sharesOf(
  { comm }: RankContext,
  groups: readonly DocumentGroup[],
  rows: GroupRows,
): { share: RingShare; first: number; count: number }[] {
  let next = 0;
  return groups
    .filter(({ ranks }) => ranks.includes(comm.rank))
    .map(({ ranks, places }) => {
      const queries = places[ranks.indexOf(comm.rank)];
      const count = lengthOf(queries);
      const first = next;
      next += count;
      const [q, k, v] = [rows.q, rows.k, rows.v].map((t) => slice(t, 2, first, count));
      const rings = ranks.length > 1 ? [ringOver(comm, ranks)] : [];
      return { share: { rings, queries, keys: places, q, k, v }, first, count };
    });
}

/** Returns an empty f64 tensor [b, heads, 0, …width] to join rows to. */
function noRows({ shape: [b, heads] }: Tensor, ...width: number[]): Tensor {
  return tensorOf('f64', [b, heads, 0, ...width], []);
}
