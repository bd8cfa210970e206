import { valueIn, type World } from '../../../spec/scheme/world.js';
import { type Tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import type { WholeProblem } from '../blocks/local-attention.js';
import { sumOfSinks } from '../collectives/all-reduce.js';
import { type DocumentGroup, type DocumentGroupsOf, madeOnce, packDocuments, placesOfGroups } from '../collectives/document-groups.js';
import type { SchemeProgram } from '../program.js';
import { groupBackward, groupForward } from './group-attention.js';

/** Each document lies on a group of ranks, and its keys go round in the group's ring. */
export function hybridProgram(groups: DocumentGroupsOf): SchemeProgram {
  const documentGroups = madeOnce(groups);
  return {
    name: 'hybrid',
    solve: (whole, world) => placesOfGroups(documentGroups(whole, world), world.ranks),
    async forward(rank) {
      const { o, lse } = await groupForward(rank, documentGroups(rank.whole, rank.world), rank.shard);
      return { o: valuesOf(o), lse: valuesOf(lse) };
    },
    async backward(rank, outputs) {
      const cotangent = rank.shard.do as Tensor;
      const gradients = await groupBackward(rank, documentGroups(rank.whole, rank.world), rank.shard, { ...outputs, do: cotangent });
      const [dq, dk, dv] = [gradients.dq, gradients.dk, gradients.dv].map(valuesOf);
      return { dq, dk, dv, dsink: await sumOfSinks(rank, gradients.dsink) };
    },
  };
}

/** Gives a document of L tokens max(1, 2^⌈log2(L / longest)⌉) ranks, at most all. */
export function hybridGroups({ case: c }: WholeProblem, world: World): DocumentGroup[] {
  const longest = valueIn(world, 'longest');
  return packDocuments(c.mask, world, (length) => {
    let size = 1;
    while (size * longest < length) size *= 2;
    return Math.min(size, world.ranks);
  });
}

const hybrid = hybridProgram(hybridGroups);

export const programs: readonly SchemeProgram[] = [hybrid];
