import { placesOf, segmentsOf } from '../../../spec/positions.js';
import { tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { type AttentionState, emptyPartial, mergeInto, partialLike } from '../blocks/attention-state.js';
import { queriesSeeing } from '../blocks/visible-keys.js';
import { chooseRows, spreadRows } from '../collectives/chosen-rows.js';
import { PendingSends } from '../collectives/pending-sends.js';
import type { RankContext, SchemeProgram } from '../program.js';

const QUERIES = 0;
const PARTIALS = 1;
const ROOT = 0;

/** The root sends queries to ranks with keys that they see, and merges the partial results. */
const distAttention: SchemeProgram = {
  name: 'dist-attention',
  forward: (rank) => (rank.comm.rank === ROOT ? ask(rank) : answer(rank)),
};

async function ask({ comm, attention, whole, queries, keys, shard }: RankContext): Promise<AttentionState> {
  const [b, hq, m] = shard.q.shape;
  const e = shard.v.shape[3];
  const asked = keys
    .map((places, rank) => ({ rank, rows: queriesSeeing(whole.mask, queries[ROOT], places) }))
    .filter(({ rank, rows }) => rank !== ROOT && rows.length > 0);
  const sends = new PendingSends();
  for (const { rank, rows } of asked) sends.add(comm.isend(rank, [chooseRows(shard.q, rows)], QUERIES));
  const result = partialLike(shard.q, e);
  const own = await comm.external(attention.forward({ queries: queries[ROOT], keys: keys[ROOT], ...shard, sink: true }));
  if (own) mergeInto(result, own);
  for (const { rank, rows } of asked) {
    const [o, lse] = (await sends.during(comm.irecv(rank, PARTIALS))).map(valuesOf);
    mergeInto(result, spreadRows({ o, lse }, rows, b * hq, m, e));
  }
  await sends.all();
  return result;
}

async function answer({ comm, attention, whole, queries, keys, shard, accumulator }: RankContext): Promise<AttentionState> {
  const [b, hq] = shard.q.shape;
  const e = shard.v.shape[3];
  const rows = queriesSeeing(whole.mask, queries[ROOT], keys[comm.rank]);
  if (rows.length > 0) {
    const places = placesOf(queries[ROOT]);
    const [q] = await comm.irecv(ROOT, QUERIES);
    const block = { queries: segmentsOf(rows.map((row) => places[row])), keys: keys[comm.rank], q, k: shard.k, v: shard.v, sink: false };
    const { o, lse } = (await comm.external(attention.forward(block))) as AttentionState;
    await comm.isend(ROOT, [tensorOf(accumulator, [b, hq, rows.length, e], o), tensorOf(accumulator, [b, hq, rows.length], lse)], PARTIALS);
  }
  return emptyPartial(0, e);
}

export const programs: readonly SchemeProgram[] = [distAttention];
