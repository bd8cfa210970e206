import type { Tensor } from '../../../spec/tensor/tensor.js';
import { mergeInto, type Partial, partialLike } from '../blocks/attention-state.js';
import { addInto, zerosLike } from '../collectives/all-reduce.js';
import type { RankContext } from '../program.js';
import type { RingShare } from './ring-share.js';
import { aroundRings, gradientsAroundRings, type Ring } from './rings.js';

/** The global outputs of the share's queries, as they are stored, and their cotangent. */
export interface RingOutputs {
  readonly o: Tensor;
  readonly lse: Tensor;
  readonly do: Tensor;
}

/** Gradients of a share, in float64; dsink of its heads, from its own queries alone. */
export interface RingGradients {
  readonly dq: Float64Array;
  readonly dk: Float64Array;
  readonly dv: Float64Array;
  readonly dsink?: Float64Array;
}

/** o and LSE of the share's queries over the keys of all places. The sink counts with the rank's own keys. */
export async function ringForward({ comm, attention }: RankContext, share: RingShare): Promise<Partial> {
  const { rings, queries, keys, heads, q } = share;
  const own = placeIn(rings);
  const result = partialLike(q, share.v.shape[3]);
  const merge = (partial: Partial | undefined) => {
    if (partial) mergeInto(result, partial);
  };
  await aroundRings(rings, [share.k, share.v], ([k, v], owner) => {
    const block = { queries, keys: keys[owner], q, k, v, heads, sink: owner === own };
    const asked = attention.forward(block);
    return asked && comm.external(asked).then(merge);
  });
  return result;
}

/** Gradients of the share's queries, and of its keys from the queries of all places. */
export async function ringBackward(
  { comm, attention, accumulator }: RankContext,
  share: RingShare,
  outputs: RingOutputs,
): Promise<RingGradients> {
  const { rings, queries, keys, heads, q } = share;
  const own = placeIn(rings);
  const dq = zerosLike(q);
  let dsink: Float64Array | undefined;
  const [dk, dv] = await gradientsAroundRings(rings, [share.k, share.v], accumulator, async ([k, v], owner) => {
    const block = { queries, keys: keys[owner], q, k, v, heads, sink: owner === own };
    const gradients = await comm.external(attention.backward(block, outputs.o, outputs.lse, outputs.do));
    if (!gradients) return [zerosLike(k), zerosLike(v)];
    addInto(dq, gradients.dq);
    dsink ??= gradients.dsink;
    return [gradients.dk, gradients.dv];
  });
  return { dq, dk, dv, dsink };
}

function placeIn(rings: readonly Ring[]): number {
  return rings.reduce((outer, { rank, size }) => outer * size + rank, 0);
}
