import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import { mergeInto } from '../blocks/attention-state.js';
import type { AttentionBlock } from '../blocks/local-attention.js';
import { addInto, sumOfSinks, zerosLike } from '../collectives/all-reduce.js';
import { cutText, jointLayout, jointPlaces, withText } from '../collectives/joint-tokens.js';
import { withChannel, withoutChannel } from '../collectives/slices.js';
import type { RankContext, SchemeProgram } from '../program.js';
import { type RingShare, ringBackward, ringForward } from './ring.js';

/**
 * Joint attention in a ring: image keys go round; text keys count once, on every rank. Backward,
 * every rank takes the text's queries against its image keys, and the text's gradients are summed.
 */
const ringJoint: SchemeProgram = {
  name: 'ring-joint',
  solve: (_, world) => jointLayout(world),
  async forward(rank) {
    const { comm, attention, queries, shard, world } = rank;
    const { text } = jointPlaces(world);
    const [k, v] = [shard.k, shard.v].map((t) => cutText(t, world));
    const own = queries[comm.rank];
    const result = await ringForward(rank, { ...imageShare(rank, k.image, v.image), queries: own, q: shard.q });
    if (text.length === 0) return result;
    const block = { queries: own, keys: text, q: shard.q, k: k.text, v: v.text, sink: false };
    const ofText = await comm.external(attention.forward(block));
    if (ofText) mergeInto(result, ofText);
    return result;
  },
  async backward(rank, outputs) {
    const { comm, attention, accumulator, shard, world } = rank;
    const { text, images } = jointPlaces(world);
    const [q, k, v, o, lse, cotangent] = [shard.q, shard.k, shard.v, outputs.o, withChannel(outputs.lse), shard.do as Tensor].map((t) =>
      cutText(t, world),
    );
    const image = images[comm.rank];
    const outputsOf = (part: 'text' | 'image') => [o[part], withoutChannel(lse[part]), cotangent[part]] as const;
    const [oImage, lseImage, doImage] = outputsOf('image');
    const share = imageShare(rank, k.image, v.image);
    const ofImage = await ringBackward(rank, { ...share, queries: image, q: q.image }, { o: oImage, lse: lseImage, do: doImage });
    const sums = { q: zerosLike(q.text), k: zerosLike(k.text), v: zerosLike(v.text) };
    const { dsink = new Float64Array(shard.q.shape[1]) } = ofImage;
    const add = async (block: AttentionBlock, ofQueries: 'text' | 'image', into: { q: Float64Array; k: Float64Array; v: Float64Array }) => {
      const found = await comm.external(attention.backward(block, ...outputsOf(ofQueries)));
      if (!found) return;
      addInto(into.q, found.dq);
      addInto(into.k, found.dk);
      addInto(into.v, found.dv);
      if (found.dsink) addInto(dsink, found.dsink);
    };
    if (text.length > 0) {
      const images = { q: ofImage.dq, k: ofImage.dk, v: ofImage.dv };
      const ofText = { k: k.text, v: v.text, keys: text };
      await add({ queries: image, q: q.image, ...ofText, sink: false }, 'image', { ...sums, q: images.q });
      await add({ queries: text, q: q.text, keys: image, k: k.image, v: v.image, sink: false }, 'text', { ...images, q: sums.q });
      // text against itself, and its sink, count on one rank
      if (comm.rank === 0) await add({ queries: text, q: q.text, ...ofText, sink: true }, 'text', sums);
    }
    const whole = await textOfAll(rank, [q.text, k.text, v.text], [sums.q, sums.k, sums.v]);
    const [dq, dk, dv] = [ofImage.dq, ofImage.dk, ofImage.dv].map((image, x) => {
      const { shape } = [q, k, v][x].image;
      return valuesOf(withText({ text: whole[x], image: tensorOf(accumulator, shape, image) }));
    });
    return { dq, dk, dv, dsink: await sumOfSinks(rank, dsink) };
  },
};

export const programs: readonly SchemeProgram[] = [ringJoint];

function imageShare({ comm, world }: RankContext, k: Tensor, v: Tensor): Pick<RingShare, 'rings' | 'keys' | 'k' | 'v'> {
  return { rings: [comm], keys: jointPlaces(world).images, k, v };
}

async function textOfAll({ comm, accumulator }: RankContext, like: readonly Tensor[], parts: readonly Float64Array[]): Promise<Tensor[]> {
  const own = parts.map((part, x) => tensorOf(accumulator, like[x].shape, part));
  return own[0].shape[2] === 0 ? own : comm.allReduce(own);
}
