import { type Positions, placesOf, segmentsOf } from '../../../spec/positions.js';
import { valueIn } from '../../../spec/scheme/world.js';
import { type Tensor, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { mergeInto, partialLike } from '../blocks/attention-state.js';
import type { AttentionBlock, BlockGradients } from '../blocks/local-attention.js';
import { addInto, sumOfSinks, zerosLike } from '../collectives/all-reduce.js';
import { addRows, spreadRows } from '../collectives/chosen-rows.js';
import { PendingSends } from '../collectives/pending-sends.js';
import { join, slice } from '../collectives/slices.js';
import type { RankContext, SchemeProgram, StoredOutputs } from '../program.js';

const ANCHOR = 0;
const QUERY = 1;
const RESULTS = 2;
const ANCHOR_GRADIENTS = 3;

/**
 * Star Attention. Phase 1: rank 0 sends the anchor to the other ranks with context, which prepend
 * it to their keys. Phase 2: the last rank sends the query's rows to the ranks with context, and
 * merges their partial results.
 */
const star: SchemeProgram = {
  name: 'star',

  async forward(rank) {
    const { comm, attention, shard, accumulator } = rank;
    const parts = partsOf(rank);
    const [b, hq, rows] = shard.q.shape;
    const e = shard.v.shape[3];
    const result = partialLike(shard.q, e);
    const own = await comm.external(attention.forward(contextBlock(rank, parts, await castAnchor(rank, parts))));
    if (own) mergeInto(result, spreadRows(own, parts.contextRows, b * hq, rows, e));
    await exchangeQuery(rank, parts, [slice(shard.q, 2, parts.contextRows.length, parts.queryRows.length)], {
      async compute([q], block) {
        const { o, lse } = (await comm.external(attention.forward(block(q)))) ?? partialLike(q, e);
        const shape = q.shape.slice(0, 3);
        return [tensorOf(accumulator, [...shape, e], o), tensorOf(accumulator, shape, lse)];
      },
      collect([o, lse]) {
        mergeInto(result, spreadRows({ o: valuesOf(o), lse: valuesOf(lse) }, parts.queryRows, b * hq, rows, e));
      },
    });
    return result;
  },

  async backward(rank, outputs) {
    const { comm, attention, shard, accumulator } = rank;
    const parts = partsOf(rank);
    const [, , rows, d] = shard.q.shape;
    const sums = { dq: zerosLike(shard.q), dk: zerosLike(shard.k), dv: zerosLike(shard.v), dsink: noSinks(rank) };
    const own = rowsOf(rank, outputs, 0, parts.contextRows.length);
    const block = contextBlock(rank, parts, await castAnchor(rank, parts));
    const gradients = (await comm.external(attention.backward(block, own.o, own.lse, own.do))) ?? nothing(block);
    addRows(sums.dq, gradients.dq, parts.contextRows, rows, d);
    if (gradients.dsink) addInto(sums.dsink, gradients.dsink);
    await returnAnchor(rank, parts, block, gradients, sums);
    const query = rowsOf(rank, outputs, parts.contextRows.length, parts.queryRows.length);
    await exchangeQuery(rank, parts, [query.q, query.o, query.do, query.lse], {
      async compute([q, o, cotangent, lse], blockOf) {
        const part = blockOf(q);
        const { dq, dk, dv, dsink } = (await comm.external(attention.backward(part, o, lse, cotangent))) ?? nothing(part);
        addInto(sums.dk, dk);
        addInto(sums.dv, dv);
        if (dsink) addInto(sums.dsink, dsink);
        return [tensorOf(accumulator, q.shape, dq)];
      },
      collect([dq]) {
        addRows(sums.dq, valuesOf(dq), parts.queryRows, rows, d);
      },
    });
    return { ...sums, dsink: await sumOfSinks(rank, sums.dsink) };
  },
};

interface Parts {
  /** Number of tokens of the anchor, the first rows of rank 0. */
  readonly anchor: number;
  /** Number of ranks with context, which come first. */
  readonly hosts: number;
  readonly contextRows: Int32Array;
  readonly queryRows: Int32Array;
  readonly contextPlaces: readonly Positions[];
  readonly queryPlaces: readonly Positions[];
}

function partsOf({ comm, world, queries }: RankContext): Parts {
  const [anchor, hosts] = ['anchor', 'hosts'].map((name) => valueIn(world, name));
  // A single rank has no phases: all tokens are context.
  const context = comm.size === 1 ? world.tokens : valueIn(world, 'context');
  const places = placesOf(queries[comm.rank]);
  const rows = Int32Array.from(places.keys());
  return {
    anchor,
    hosts,
    contextRows: rows.filter((row) => places[row] < context),
    queryRows: rows.filter((row) => places[row] >= context),
    contextPlaces: segmentsOf(places.filter((place) => place < context)),
    queryPlaces: segmentsOf(placesOf(queries[comm.size - 1]).filter((place) => place >= context)),
  };
}

interface Keys {
  readonly k: Tensor;
  readonly v: Tensor;
}

/** Sends the anchor from rank 0 to the other ranks with context; returns it on these ranks. */
async function castAnchor({ comm, shard }: RankContext, { anchor, hosts }: Parts): Promise<Keys | undefined> {
  if (comm.rank === 0) {
    const tensors = [shard.k, shard.v].map((t) => slice(t, 2, 0, anchor));
    await Promise.all(Array.from({ length: Math.max(0, hosts - 1) }, (_, x) => comm.isend(x + 1, tensors, ANCHOR)));
    return undefined;
  }
  if (comm.rank >= hosts) return undefined;
  const [k, v] = await comm.irecv(0, ANCHOR);
  return { k, v };
}

/** Returns the block of the rank's context rows against the anchor and its context keys. */
function contextBlock({ shard }: RankContext, { anchor, contextRows, contextPlaces }: Parts, cast: Keys | undefined): AttentionBlock {
  const [q, k, v] = [shard.q, shard.k, shard.v].map((t) => slice(t, 2, 0, contextRows.length));
  const rows = { queries: contextPlaces, q, sink: true };
  if (!cast) return { ...rows, keys: contextPlaces, k, v };
  return { ...rows, keys: [{ start: 0, length: anchor, stride: 1 }, ...contextPlaces], k: join([cast.k, k], 2), v: join([cast.v, v], 2) };
}

/** Adds gradients of a context block's keys, and sends the anchor's gradients to rank 0. */
async function returnAnchor(
  { comm, shard, accumulator }: RankContext,
  { hosts, contextRows }: Parts,
  block: AttentionBlock,
  gradients: BlockGradients,
  { dk, dv }: Pick<BlockGradients, 'dk' | 'dv'>,
): Promise<void> {
  const add = (ofKeys: Tensor, ofValues: Tensor) => {
    const rows = Int32Array.from({ length: ofKeys.shape[2] }, (_, row) => row);
    addRows(dk, valuesOf(ofKeys), rows, shard.k.shape[2], shard.k.shape[3]);
    addRows(dv, valuesOf(ofValues), rows, shard.v.shape[2], shard.v.shape[3]);
  };
  const before = block.k.shape[2] - contextRows.length;
  const whole = [tensor('f64', block.k.shape, gradients.dk), tensor('f64', block.v.shape, gradients.dv)];
  const [ownKeys, ownValues] = whole.map((t) => slice(t, 2, before, contextRows.length));
  add(ownKeys, ownValues);
  if (before > 0) {
    const ofAnchor = whole.map((t) => slice(t, 2, 0, before));
    await comm.isend(
      0,
      ofAnchor.map((t) => tensorOf(accumulator, t.shape, valuesOf(t))),
      ANCHOR_GRADIENTS,
    );
  }
  for (let from = 1; comm.rank === 0 && from < hosts; from++) {
    const [ofKeys, ofValues] = await comm.irecv(from, ANCHOR_GRADIENTS);
    add(ofKeys, ofValues);
  }
}

/** Work on the query's rows: `compute` on every rank with context, `collect` on the last rank. */
interface QueryWork {
  compute(rows: readonly Tensor[], block: (q: Tensor) => AttentionBlock): Promise<Tensor[]>;
  collect(results: readonly Tensor[]): void;
}

/** Sends the query's rows to ranks with context; collects results in rank order, its own last. */
async function exchangeQuery(rank: RankContext, parts: Parts, rows: readonly Tensor[], { compute, collect }: QueryWork): Promise<void> {
  const { comm, keys, shard } = rank;
  const { hosts, queryPlaces } = parts;
  if (queryPlaces.length === 0) return;
  const last = comm.size - 1;
  const block = (q: Tensor): AttentionBlock => ({
    queries: queryPlaces,
    keys: keys[comm.rank],
    q,
    k: shard.k,
    v: shard.v,
    sink: comm.rank === last,
  });
  if (comm.rank < last) {
    if (comm.rank < hosts) await comm.isend(last, await compute(await comm.irecv(last, QUERY), block), RESULTS);
    return;
  }
  const helpers = Array.from({ length: Math.min(hosts, last) }, (_, helper) => helper);
  const sends = new PendingSends();
  for (const helper of helpers) sends.add(comm.isend(helper, rows, QUERY));
  const own = await compute(rows, block);
  for (const helper of helpers) collect(await sends.during(comm.irecv(helper, RESULTS)));
  collect(own);
  await sends.all();
}

function rowsOf({ shard }: RankContext, { o, lse }: StoredOutputs, first: number, count: number) {
  const of = (t: Tensor) => slice(t, 2, first, count);
  return { q: of(shard.q), o: of(o), lse: of(lse), do: of(shard.do as Tensor) };
}

function nothing({ q, k, v }: AttentionBlock): BlockGradients {
  return { dq: zerosLike(q), dk: zerosLike(k), dv: zerosLike(v) };
}

function noSinks({ whole }: RankContext): Float64Array {
  return new Float64Array(whole.case.dims.hk * whole.case.dims.g);
}

export const programs: readonly SchemeProgram[] = [star];
