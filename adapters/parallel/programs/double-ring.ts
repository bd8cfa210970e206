import { valueIn } from '../../../spec/scheme/world.js';
import type { SchemeProgram } from '../program.js';
import { headSharingProgram } from './head-sharing.js';

/**
 * As USP, with a ring of W windows, each a ring of I. Head-first, ranks that share out heads are neighbours; context-first, those of a window
 * are. The layout is the document's.
 */
function doubleRingProgram(name: string, headFirst: boolean): SchemeProgram {
  return headSharingProgram(name, (world) => ({
    heads: valueIn(world, 'U'),
    rings: [valueIn(world, 'W'), valueIn(world, 'I')],
    headFirst,
  }));
}

export const programs: readonly SchemeProgram[] = [doubleRingProgram('double-ring', true), doubleRingProgram('double-ring-context', false)];
