import { type Tensor, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { mergeInto, partialLike } from '../blocks/attention-state.js';
import type { AttentionBlock, BlockAttention, BlockGradients } from '../blocks/local-attention.js';
import { softmaxInside } from '../blocks/softmax-inside.js';
import { zerosLike } from '../collectives/all-reduce.js';
import { addRows } from '../collectives/chosen-rows.js';
import { PendingSends } from '../collectives/pending-sends.js';
import { join, slice } from '../collectives/slices.js';
import type { RankContext, SchemeProgram } from '../program.js';
import { addByHead, type PassingRank, passingRanks, rowsByHead, rowsPassedOn } from './apb-passing.js';

const KEYS = 0;
const GRADIENTS = 1;

/**
 * APB: every rank gives later ranks its anchor tokens, and the best-scored keys of its blocks. A
 * block's rows attend to the anchor and the block, causally, and to keys passed on by earlier
 * blocks; both results are merged by their LSEs.
 * @param choose returns the rows that each block passes on, [b·hk·passed].
 */
export function apbProgram(choose: Choose = rowsPassedOn): SchemeProgram {
  return {
    name: 'apb',

    async forward(rank) {
      const { comm, shard } = rank;
      const e = shard.v.shape[3];
      const work = await workOf(rank, choose);
      if (!work) return partialLike(shard.q, e);
      const os: Tensor[] = [];
      const lses: Tensor[] = [];
      for (const { near, passed } of work.blocks) {
        const shape = near.block.q.shape.slice(0, 3);
        const result = partialLike(near.block.q, e);
        for (const { attention, block } of passed ? [near, passed] : [near]) {
          const partial = await comm.external(attention.forward(block));
          if (partial) mergeInto(result, partial);
        }
        os.push(tensor('f64', [...shape, e], result.o));
        lses.push(tensor('f64', shape, result.lse));
      }
      return { o: valuesOf(join(os, 2)), lse: valuesOf(join(lses, 2)) };
    },

    async backward(rank, outputs) {
      const { comm, shard } = rank;
      const [, , rows, d] = shard.q.shape;
      const dq = zerosLike(shard.q);
      const own = gradientsLike(shard.k, shard.v);
      const work = await workOf(rank, choose);
      if (!work) return { dq, dk: own.dk, dv: own.dv };
      const [ofAnchor, ofPassed] = [work.pool.anchor, work.pool.passed].map((pair) => gradientsLike(...pair));
      for (const { near, passed, row, length, before } of work.blocks) {
        const [o, lse, cotangent] = [outputs.o, outputs.lse, shard.do as Tensor].map((t) => slice(t, 2, row, length));
        for (const { attention, block } of passed ? [near, passed] : [near]) {
          const found = await comm.external(attention.backward(block, o, lse, cotangent));
          if (!found) continue;
          addRows(dq, found.dq, rowsFrom(row, length), rows, d);
          if (block === near.block) {
            ofAnchor.add(parts(block, found, 0, before), rowsFrom(0, before));
            own.add(parts(block, found, before, length), rowsFrom(row, length));
          } else ofPassed.add(parts(block, found, 0, block.k.shape[2]), rowsFrom(0, block.k.shape[2]));
        }
      }
      await returnGradients(rank, work.chosen, own, ofAnchor, ofPassed);
      return { dq, dk: own.dk, dv: own.dv };
    },
  };
}

type Choose = (score: Tensor, rank: PassingRank) => Int32Array[];

type Pair = readonly [Tensor, Tensor];

/** Anchor and passed pairs of ranks up to this one, [b, hk, ·, d | e], by rank, then by block. */
interface Pool {
  readonly anchor: Pair;
  readonly passed: Pair;
}

interface Part {
  readonly attention: BlockAttention;
  readonly block: AttentionBlock;
}

interface RankWork {
  readonly chosen: readonly Int32Array[];
  readonly pool: Pool;
  readonly blocks: readonly BlockWork[];
}

/** Rows [row, row + length) of the shard, and `before` earlier anchor keys. */
interface BlockWork {
  readonly row: number;
  readonly length: number;
  readonly before: number;
  readonly near: Part;
  /** Absent if no key is passed on to the block. */
  readonly passed?: Part;
}

/** Returns the work of the rank, or undefined without tokens. */
async function workOf(rank: RankContext, choose: Choose): Promise<RankWork | undefined> {
  const { comm, attention, whole, world, shard } = rank;
  const ranks = passingRanks(world);
  const own = ranks[comm.rank];
  if (!own) return undefined;
  const chosen = choose(shard.score as Tensor, own);
  const pool = await gather(rank, ranks, chosen);
  const near = attention.over(softmaxInside(whole, whole.case.mask));
  const all = attention.over(softmaxInside(whole, { name: 'full' }));
  const anchor = pool.anchor[0].shape[2];
  let passed = ranks.slice(0, comm.rank).reduce((sum, earlier) => sum + earlier.passed, 0);
  const blocks = own.blocks.map(({ start, length, passed: passes }) => {
    const row = start - own.start;
    const before = Math.min(anchor, start);
    const queries = [{ start, length, stride: 1 }];
    const q = slice(shard.q, 2, row, length);
    const [k, v] = [shard.k, shard.v].map((t, x) => join([slice(pool.anchor[x], 2, 0, before), slice(t, 2, row, length)], 2));
    const keys = before > 0 ? [{ start: 0, length: before, stride: 1 }, ...queries] : queries;
    const [passedKeys, passedValues] = pool.passed.map((t) => slice(t, 2, 0, passed));
    // The mask is full, so that any earlier positions will do.
    const places = [{ start: 0, length: passed, stride: 1 }];
    const work = {
      row,
      length,
      before,
      near: { attention: near, block: { queries, keys, q, k, v, sink: false } },
      ...(passed > 0 && { passed: { attention: all, block: { queries, keys: places, q, k: passedKeys, v: passedValues, sink: false } } }),
    };
    passed += passes;
    return work;
  });
  return { chosen, pool, blocks };
}

async function gather(rank: RankContext, ranks: readonly PassingRank[], chosen: readonly Int32Array[]): Promise<Pool> {
  const { comm, shard } = rank;
  const own = ranks[comm.rank];
  const anchor = [shard.k, shard.v].map((t) => slice(t, 2, 0, own.anchor));
  const passed = [shard.k, shard.v].map((t) =>
    join(
      chosen.map((rows) => rowsByHead(t, rows)),
      2,
    ),
  );
  const sends = new PendingSends();
  if (gives(own)) for (let to = comm.rank + 1; to < ranks.length; to++) sends.add(comm.isend(to, [...anchor, ...passed], KEYS));
  const received: Tensor[][] = [];
  for (let from = 0; from < comm.rank; from++) if (gives(ranks[from])) received.push(await sends.during(comm.irecv(from, KEYS)));
  await sends.all();
  const [ofKeys, ofValues, passedKeys, passedValues] = [...anchor, ...passed].map((t, x) => join([...received.map((r) => r[x]), t], 2));
  return { anchor: [ofKeys, ofValues], passed: [passedKeys, passedValues] };
}

function gives({ anchor, passed }: PassingRank): boolean {
  return anchor + passed > 0;
}

/** Sums of gradients of keys and values, [b, hk, l, d] and [b, hk, l, e], in float64. */
interface KeyGradients extends Pick<BlockGradients, 'dk' | 'dv'> {
  readonly like: Pair;
  add(terms: readonly Tensor[], rows: Int32Array): void;
  /** Adds terms with rows that differ between heads. */
  addByHead(terms: readonly Tensor[], rows: Int32Array): void;
}

function gradientsLike(k: Tensor, v: Tensor): KeyGradients {
  const [dk, dv] = [zerosLike(k), zerosLike(v)];
  const [b, heads, l] = k.shape;
  return {
    like: [k, v],
    dk,
    dv,
    add([ofKeys, ofValues], rows) {
      addRows(dk, valuesOf(ofKeys), rows, l, k.shape[3]);
      addRows(dv, valuesOf(ofValues), rows, l, v.shape[3]);
    },
    addByHead([ofKeys, ofValues], rows) {
      addByHead(dk, valuesOf(ofKeys), rows, b * heads, l, k.shape[3]);
      addByHead(dv, valuesOf(ofValues), rows, b * heads, l, v.shape[3]);
    },
  };
}

function parts(
  { k, v }: Pick<AttentionBlock, 'k' | 'v'>,
  { dk, dv }: Pick<BlockGradients, 'dk' | 'dv'>,
  first: number,
  count: number,
): Tensor[] {
  return [tensor('f64', k.shape, dk), tensor('f64', v.shape, dv)].map((t) => slice(t, 2, first, count));
}

/** Returns gradients to earlier ranks, and sums gradients of keys that this rank gave. */
async function returnGradients(
  rank: RankContext,
  chosen: readonly Int32Array[],
  own: KeyGradients,
  ofAnchor: KeyGradients,
  ofPassed: KeyGradients,
): Promise<void> {
  const { comm, accumulator, world } = rank;
  const ranks = passingRanks(world);
  const sends = new PendingSends();
  let passed = 0;
  for (let owner = 0; owner <= comm.rank; owner++) {
    const { start, anchor, passed: count } = ranks[owner];
    const tensors = [
      ...parts({ k: ofAnchor.like[0], v: ofAnchor.like[1] }, ofAnchor, Math.min(start, ofAnchor.like[0].shape[2]), anchor),
      ...parts({ k: ofPassed.like[0], v: ofPassed.like[1] }, ofPassed, passed, count),
    ];
    passed += count;
    if (owner === comm.rank) addGiven(own, tensors, anchor, chosen);
    else if (gives(ranks[owner]))
      sends.add(
        comm.isend(
          owner,
          tensors.map((t) => tensorOf(accumulator, t.shape, valuesOf(t))),
          GRADIENTS,
        ),
      );
  }
  if (gives(ranks[comm.rank]))
    for (let from = comm.rank + 1; from < ranks.length; from++)
      addGiven(own, await sends.during(comm.irecv(from, GRADIENTS)), ranks[comm.rank].anchor, chosen);
  await sends.all();
}

/** Adds the gradients of the anchor's rows, which come first, and of each block's passed rows. */
function addGiven(
  own: KeyGradients,
  [anchorKeys, anchorValues, ...passed]: readonly Tensor[],
  anchor: number,
  chosen: readonly Int32Array[],
) {
  own.add([anchorKeys, anchorValues], rowsFrom(0, anchor));
  const heads = anchorKeys.shape[0] * anchorKeys.shape[1];
  let before = 0;
  for (const rows of chosen) {
    const count = rows.length / heads;
    const first = before;
    own.addByHead(
      passed.map((t) => slice(t, 2, first, count)),
      rows,
    );
    before += count;
  }
}

function rowsFrom(first: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, x) => first + x);
}

export const programs: readonly SchemeProgram[] = [apbProgram()];
