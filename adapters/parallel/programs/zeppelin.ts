import { valueIn, type World } from '../../../spec/scheme/world.js';
import { type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { WholeProblem } from '../blocks/local-attention.js';
import { sumOfSinks } from '../collectives/all-reduce.js';
import { type DocumentGroup, type DocumentGroupsOf, madeOnce, packDocuments, placesOfGroups } from '../collectives/document-groups.js';
import { remapRows, type TokenPlaces, tokenPlaces } from '../collectives/remap-rows.js';
import type { RankContext, SchemeProgram } from '../program.js';
import { groupBackward, groupForward } from './group-attention.js';

/**
 * Zeppelin: tokens are laid out evenly for linear layers, and remapped to the groups of their
 * documents for attention. The backward pass sends only the cotangent and the gradients.
 */
export function zeppelinProgram(groups: DocumentGroupsOf): SchemeProgram {
  const documentGroups = madeOnce(groups);
  const known = new WeakMap<WholeProblem, Layouts>();
  const layoutsOf = ({ whole, world, keys }: RankContext): Layouts => {
    let layouts = known.get(whole);
    if (!layouts) {
      const remapped = placesOfGroups(documentGroups(whole, world), world.ranks);
      layouts = { linear: tokenPlaces(keys, world.tokens), attention: tokenPlaces(remapped, world.tokens) };
      known.set(whole, layouts);
    }
    return layouts;
  };
  return {
    name: 'zeppelin',
    remapped: (whole, world) => placesOfGroups(documentGroups(whole, world), world.ranks),
    async forward(rank) {
      const { comm, shard, dtype, accumulator, whole, world } = rank;
      const { linear, attention } = layoutsOf(rank);
      const [q, k, v] = await remapRows(comm, [shard.q, shard.k, shard.v], linear, attention);
      const found = await groupForward(rank, documentGroups(whole, world), { q, k, v });
      const o = tensorOf(dtype, found.o.shape, valuesOf(found.o));
      const lse = tensorOf(accumulator, found.lse.shape, valuesOf(found.lse));
      rank.saved.remapped = { q, k, v, o, lse };
      // LSE as rows of width 1.
      const column = tensorOf(accumulator, [...lse.shape, 1], valuesOf(lse));
      const [ownO, ownLse] = await remapRows(comm, [o, column], attention, linear);
      return { o: valuesOf(ownO), lse: valuesOf(ownLse) };
    },
    async backward(rank) {
      const { comm, shard, dtype, whole, world } = rank;
      const { linear, attention } = layoutsOf(rank);
      const { o, lse, ...rows } = rank.saved.remapped as RemappedShare;
      const [cotangent] = await remapRows(comm, [shard.do as Tensor], linear, attention);
      const { dsink, ...gradients } = await groupBackward(rank, documentGroups(whole, world), rows, { o, lse, do: cotangent });
      const stored = [gradients.dq, gradients.dk, gradients.dv].map((t) => tensorOf(dtype, t.shape, valuesOf(t)));
      const [dq, dk, dv] = (await remapRows(comm, stored, attention, linear)).map(valuesOf);
      return { dq, dk, dv, dsink: await sumOfSinks(rank, dsink) };
    },
  };
}

interface Layouts {
  readonly linear: TokenPlaces;
  readonly attention: TokenPlaces;
}

/** Gives a short document one rank, a middle one a node's ranks, a long one all ranks. */
export function zeppelinGroups({ case: c }: WholeProblem, world: World): DocumentGroup[] {
  const [node, short, middle] = ['node', 'short', 'middle'].map((name) => valueIn(world, name));
  return packDocuments(c.mask, world, (length) => (length <= short ? 1 : length <= middle ? node : world.ranks));
}

const zeppelin = zeppelinProgram(zeppelinGroups);

export const programs: readonly SchemeProgram[] = [zeppelin];

/** Remapped query, key and value, with their o and LSE, as stored. */
interface RemappedShare {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  readonly o: Tensor;
  readonly lse: Tensor;
}
