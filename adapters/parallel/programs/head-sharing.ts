import type { World } from '../../../spec/scheme/world.js';
import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { sumOfSinks } from '../collectives/all-reduce.js';
import { type Degrees, type Groups, groupsOf, placesOfRanks } from '../collectives/groups.js';
import { headsOfMember, headsToRows, rowsToHeads } from '../collectives/head-shards.js';
import type { RankContext, SchemeProgram } from '../program.js';
import { type RingShare, ringBackward, ringForward } from './ring.js';

/**
 * All-to-all from rows to heads in each group, rings across groups, and all-to-all back (Ulysses,
 * if there is one group). The backward pass sends only the cotangent and the gradients.
 */
export function headSharingProgram(name: string, degreesIn: (world: World) => Degrees): SchemeProgram {
  return {
    name,
    async forward(rank) {
      const { comm, world, dtype, accumulator, whole } = rank;
      // Groups are made once for all passes: their messages count in the phase `setup`.
      comm.enter('setup');
      const groups = await groupsOf(comm, degreesIn(world));
      comm.enter('forward');
      const share = await shareOf(rank, groups);
      const partial = await ringForward(rank, share);
      const shape = share.q.shape.slice(0, 3);
      const o = tensorOf(dtype, [...shape, whole.case.dims.e], partial.o);
      const lse = tensorOf(accumulator, shape, partial.lse);
      rank.saved.heads = { ...share, groups, o, lse };
      const back = await headsToRows(groups.heads, whole.case.dims, { queries: [o, lse], keys: [] }, rowsOf(rank, groups));
      return { o: valuesOf(back.queries[0]), lse: valuesOf(back.queries[1]) };
    },
    async backward(rank) {
      const { accumulator, dtype, shard, whole } = rank;
      const { dims } = whole.case;
      const share = rank.saved.heads as HeadShare;
      const { groups, o, lse } = share;
      const arrived = await rowsToHeads(groups.heads, dims, { queries: [shard.do as Tensor], keys: [] });
      const { dq, dk, dv, dsink } = await ringBackward(rank, share, { o, lse, do: arrived.queries[0] });
      const queries = [tensorOf(dtype, share.q.shape, dq)];
      const keys = [tensorOf(accumulator, share.k.shape, dk), tensorOf(accumulator, share.v.shape, dv)];
      const back = await headsToRows(groups.heads, dims, { queries, keys }, rowsOf(rank, groups));
      const [own, ofKeys, ofValues] = [...back.queries, ...back.keys].map(valuesOf);
      return { dq: own, dk: ofKeys, dv: ofValues, dsink: await sumOfSinks(rank, dsink && amongAll(rank, share, dsink)) };
    },
  };
}

async function shareOf(rank: RankContext, groups: Groups): Promise<RingShare> {
  const { shard, whole, queries, keys } = rank;
  const { heads, rings, members } = groups;
  const { dims } = whole.case;
  const arrived = await rowsToHeads(heads, dims, { queries: [shard.q], keys: [shard.k, shard.v] });
  const [q] = arrived.queries;
  const [k, v] = arrived.keys;
  return {
    rings,
    queries: placesOfRanks(queries, ranksBeside(rank, groups)),
    keys: members.map((ranks) => placesOfRanks(keys, ranks)),
    heads: headsOfMember(dims, heads.size, heads.rank),
    q,
    k,
    v,
  };
}

function ranksBeside({ comm }: RankContext, { members }: Groups): readonly number[] {
  return members.find((ranks) => ranks.includes(comm.rank)) as readonly number[];
}

function rowsOf(rank: RankContext, groups: Groups): number[] {
  return ranksBeside(rank, groups).map((other) => rank.queries[other].reduce((sum, { length }) => sum + length, 0));
}

function amongAll({ whole }: RankContext, { heads }: RingShare, dsink: Float64Array): Float64Array {
  const { hk, g } = whole.case.dims;
  const all = new Float64Array(hk * g);
  all.set(dsink, heads?.first);
  return all;
}

/** Share after the all-to-all: some heads of all rows of a group. */
export interface HeadShare extends RingShare {
  readonly groups: Groups;
  readonly o: Tensor;
  readonly lse: Tensor;
}
