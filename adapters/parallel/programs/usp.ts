import { valueIn } from '../../../spec/scheme/world.js';
import type { SchemeProgram } from '../program.js';
import { headSharingProgram } from './head-sharing.js';

/** USP: groups of U adjacent ranks share out the heads; rings of R ranks go across the groups. */
const usp = headSharingProgram('usp', (world) => ({
  heads: valueIn(world, 'U'),
  rings: [valueIn(world, 'R')],
  headFirst: true,
}));

export const programs: readonly SchemeProgram[] = [usp];
