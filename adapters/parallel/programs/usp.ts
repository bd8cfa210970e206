import { valueIn } from '../../../spec/scheme/world.js';
import type { SchemeProgram } from '../program.js';
import { headSharingProgram } from './head-sharing.js';

/** Groups of U neighbours share out the heads; a ring of R goes across them. */
const usp = headSharingProgram('usp', (world) => ({
  heads: valueIn(world, 'U'),
  rings: [valueIn(world, 'R')],
  headFirst: true,
}));

export const programs: readonly SchemeProgram[] = [usp];
