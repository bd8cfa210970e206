import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { HeadRange } from '../blocks/local-attention.js';
import { sumOfSinks } from '../collectives/all-reduce.js';
import { headsOfMember, headsToRows, rowsToHeads, sumOfReplicas } from '../collectives/head-shards.js';
import { cutText, jointLayout, jointPlaces, withText } from '../collectives/joint-tokens.js';
import { join, slice, withoutChannel } from '../collectives/slices.js';
import type { RankContext, SchemeProgram } from '../program.js';
import { type RingShare, ringBackward, ringForward } from './ring.js';

/** Share after the all-to-all: heads of the text and of the whole image, with global outputs. */
interface JointShare extends RingShare {
  readonly heads: HeadRange;
  readonly o: Tensor;
  readonly lse: Tensor;
}

/**
 * Joint attention by Ulysses: the image goes from rows to heads and back; every rank computes some
 * heads of the text, and gathers all.
 */
const ulyssesJoint: SchemeProgram = {
  name: 'ulysses-joint',
  solve: (_, world) => jointLayout(world),
  async forward(rank) {
    const { dtype, accumulator, saved, whole } = rank;
    const share = await shareOf(rank);
    const partial = await ringForward(rank, share);
    const shape = share.q.shape.slice(0, 3);
    const o = tensorOf(dtype, [...shape, whole.case.dims.e], partial.o);
    const lse = tensorOf(accumulator, [...shape, 1], partial.lse);
    saved.heads = { ...share, o, lse: withoutChannel(lse) } satisfies JointShare;
    const [allO, allLse] = await home(rank, [o, lse], []);
    return { o: valuesOf(allO), lse: valuesOf(allLse) };
  },
  async backward(rank) {
    const { dtype, accumulator, saved, shard, whole } = rank;
    const share = saved.heads as JointShare;
    const cotangent = await headsOfAll(rank, [shard.do as Tensor], []);
    const { dq, dk, dv, dsink } = await ringBackward(rank, share, { o: share.o, lse: share.lse, do: cotangent[0] });
    const keys = [tensorOf(accumulator, share.k.shape, dk), tensorOf(accumulator, share.v.shape, dv)];
    const [ofQueries, ofKeys, ofValues] = (await home(rank, [tensorOf(dtype, share.q.shape, dq)], keys)).map(valuesOf);
    const all = new Float64Array(whole.case.dims.hk * whole.case.dims.g);
    if (dsink) all.set(dsink, share.heads.first);
    return { dq: ofQueries, dk: ofKeys, dv: ofValues, dsink: await sumOfSinks(rank, all) };
  },
};

export const programs: readonly SchemeProgram[] = [ulyssesJoint];

async function shareOf(rank: RankContext): Promise<RingShare & { readonly heads: HeadRange }> {
  const { comm, shard, whole, world } = rank;
  const { all } = jointPlaces(world);
  const [q, k, v] = await headsOfAll(rank, [shard.q], [shard.k, shard.v]);
  return { rings: [], queries: all, keys: [all], heads: headsOfMember(whole.case.dims, comm.size, comm.rank), q, k, v };
}

/** Returns the rank's heads of the text and of the whole image. */
async function headsOfAll({ comm, whole, world }: RankContext, queries: readonly Tensor[], keys: readonly Tensor[]): Promise<Tensor[]> {
  const { dims } = whole.case;
  const [cutQueries, cutKeys] = [queries, keys].map((tensors) => tensors.map((t) => cutText(t, world)));
  const images = await rowsToHeads(comm, dims, { queries: cutQueries.map(({ image }) => image), keys: cutKeys.map(({ image }) => image) });
  const { first, keyHeads, group } = headsOfMember(dims, comm.size, comm.rank);
  return [
    ...cutQueries.map(({ text }, x) => withText({ text: slice(text, 1, first, keyHeads * group), image: images.queries[x] })),
    ...cutKeys.map(({ text }, x) => withText({ text: slice(text, 1, Math.floor(first / dims.g), keyHeads), image: images.keys[x] })),
  ];
}

/** Inverse of `headsOfAll`; sums replicas of key heads. */
async function home({ comm, whole, world }: RankContext, queries: readonly Tensor[], keys: readonly Tensor[]): Promise<Tensor[]> {
  const { dims } = whole.case;
  const [cutQueries, cutKeys] = [queries, keys].map((tensors) => tensors.map((t) => cutText(t, world)));
  const rows = jointPlaces(world).images.map((image) => image.reduce((sum, { length }) => sum + length, 0));
  const images = await headsToRows(
    comm,
    dims,
    { queries: cutQueries.map(({ image }) => image), keys: cutKeys.map(({ image }) => image) },
    rows,
  );
  const texts = [...cutQueries, ...cutKeys].map(({ text }) => text);
  const gathered = texts[0].shape[2] === 0 ? [texts] : await comm.allGather(texts);
  const ofAll = (x: number) => gathered.map((tensors) => tensors[x]);
  const joined = (image: Tensor, x: number): Tensor => {
    if (texts[x].shape[2] === 0) return image;
    const text = x < queries.length ? join(ofAll(x), 1) : sumOfReplicas(ofAll(x), dims);
    return withText({ text: tensorOf(image.dtype, text.shape, valuesOf(text)), image });
  };
  return [...images.queries, ...images.keys].map(joined);
}
