import { valueIn, type World } from '../../../spec/scheme/world.js';
import { type Tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import type { WholeProblem } from '../blocks/local-attention.js';
import { sumOfSinks } from '../collectives/all-reduce.js';
import { madeOnce, packTeams, placesOfTeams, type Team, type TeamsOf } from '../collectives/teams.js';
import type { SchemeProgram } from '../program.js';
import { teamBackward, teamForward } from './team-attention.js';

/**
 * Creates a program in which each document lies on a team of ranks, and its keys go round in the
 * team's ring.
 */
export function hybridProgram(teams: TeamsOf): SchemeProgram {
  const teamsOf = madeOnce(teams);
  return {
    name: 'hybrid',
    solve: (whole, world) => placesOfTeams(teamsOf(whole, world), world.ranks),
    async forward(rank) {
      const { o, lse } = await teamForward(rank, teamsOf(rank.whole, rank.world), rank.shard);
      return { o: valuesOf(o), lse: valuesOf(lse) };
    },
    async backward(rank, outputs) {
      const cotangent = rank.shard.do as Tensor;
      const gradients = await teamBackward(rank, teamsOf(rank.whole, rank.world), rank.shard, { ...outputs, do: cotangent });
      const [dq, dk, dv] = [gradients.dq, gradients.dk, gradients.dv].map(valuesOf);
      return { dq, dk, dv, dsink: await sumOfSinks(rank, gradients.dsink) };
    },
  };
}

/**
 * Returns the teams: a document of L tokens has max(1, 2^⌈log2(L / longest)⌉) ranks, or all if
 * there are fewer.
 */
export function hybridTeams({ case: c }: WholeProblem, world: World): Team[] {
  const longest = valueIn(world, 'longest');
  return packTeams(c.mask, world, (length) => {
    let size = 1;
    while (size * longest < length) size *= 2;
    return Math.min(size, world.ranks);
  });
}

const hybrid = hybridProgram(hybridTeams);

export const programs: readonly SchemeProgram[] = [hybrid];
