import { valueIn } from '../../../spec/scheme/world.js';
import type { SchemeProgram } from '../program.js';
import { headSharingProgram } from './head-sharing.js';

/** USP with a ring of W windows of I ranks. Head-first, adjacent ranks share out heads. */
function doubleRingProgram(name: string, headFirst: boolean): SchemeProgram {
  return headSharingProgram(name, (world) => ({
    heads: valueIn(world, 'U'),
    rings: [valueIn(world, 'W'), valueIn(world, 'I')],
    headFirst,
  }));
}

export const programs: readonly SchemeProgram[] = [doubleRingProgram('double-ring', true), doubleRingProgram('double-ring-context', false)];
