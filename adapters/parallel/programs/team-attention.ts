import { lengthOf } from '../../../spec/scheme/positions.js';
import { type Tensor, tensor, tensorOf } from '../../../spec/tensor/tensor.js';
import { addInto } from '../collectives/all-reduce.js';
import { join, slice } from '../collectives/slices.js';
import type { Team } from '../collectives/teams.js';
import type { RankContext } from '../program.js';
import type { RingShare } from './ring.js';
import { type RingOutputs, ringBackward, ringForward, ringOver } from './ring.js';

/** A rank's rows of all its documents, in the order of their places. */
export interface TeamRows {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

/** Gradients of these rows, f64; dsink [hq] from the rank's own queries. */
export interface TeamGradients {
  readonly dq: Tensor;
  readonly dk: Tensor;
  readonly dv: Tensor;
  readonly dsink: Float64Array;
}

/** o and LSE of the rank's rows, f64: of each document from a ring of the ranks that have it. Every rank takes documents in one order. */
export async function teamForward(rank: RankContext, teams: readonly Team[], rows: TeamRows): Promise<{ o: Tensor; lse: Tensor }> {
  const { q, v } = rows;
  const e = v.shape[3];
  const os = [noRows(q, e)];
  const lses = [noRows(q)];
  for (const { share } of sharesOf(rank, teams, rows)) {
    const { o, lse } = await ringForward(rank, share);
    const shape = share.q.shape.slice(0, 3);
    os.push(tensor('f64', [...shape, e], o));
    lses.push(tensor('f64', shape, lse));
  }
  return { o: join(os, 2), lse: join(lses, 2) };
}

/** @param outputs global, of the rank's rows. */
export async function teamBackward(
  rank: RankContext,
  teams: readonly Team[],
  rows: TeamRows,
  outputs: RingOutputs,
): Promise<TeamGradients> {
  const { q, k, v } = rows;
  const [d, e] = [q.shape[3], v.shape[3]];
  const gradients = [[noRows(q, d)], [noRows(k, d)], [noRows(v, e)]];
  const dsink = new Float64Array(q.shape[1]);
  for (const { share, first, count } of sharesOf(rank, teams, rows)) {
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

/** The documents of a rank: what it brings to the ring of each, and which of its rows that is. */
function sharesOf({ comm }: RankContext, teams: readonly Team[], rows: TeamRows): { share: RingShare; first: number; count: number }[] {
  let next = 0;
  return teams
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

/** What rows are joined to: a rank may have none. */
function noRows({ shape: [b, heads] }: Tensor, ...width: number[]): Tensor {
  return tensorOf('f64', [b, heads, 0, ...width], []);
}
