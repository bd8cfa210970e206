import { valueIn } from '../../../spec/scheme/world.js';
import type { SchemeProgram } from '../program.js';
import { headSharingProgram } from './head-sharing.js';

/** Ulysses: each rank computes some heads of all rows. */
const ulysses = headSharingProgram('ulysses', ({ ranks }) => ({ heads: ranks, rings: [], headFirst: true }));

/** USP: groups of U adjacent ranks share out the heads; rings of R ranks go across the groups. */
const usp = headSharingProgram('usp', (world) => ({
  heads: valueIn(world, 'U'),
  rings: [valueIn(world, 'R')],
  headFirst: true,
}));

/** USP with a ring of W windows of I ranks. Head-first, adjacent ranks share out heads. */
function doubleRingProgram(name: string, headFirst: boolean): SchemeProgram {
  return headSharingProgram(name, (world) => ({
    heads: valueIn(world, 'U'),
    rings: [valueIn(world, 'W'), valueIn(world, 'I')],
    headFirst,
  }));
}

export const programs: readonly SchemeProgram[] = [
  ulysses,
  usp,
  doubleRingProgram('double-ring', true),
  doubleRingProgram('double-ring-context', false),
];
