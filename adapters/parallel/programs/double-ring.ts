import { valueIn } from '../../../spec/scheme/world.js';
import type { SchemeProgram } from '../program.js';
import { headSharingProgram } from './head-sharing.js';

/**
 * Creates a program like USP's, with a ring of W windows, each of them a ring of I ranks.
 * Head-first, ranks that share out heads are neighbours; context-first, the ranks of a window are.
 * The layout is that of the scheme's document.
 */
function doubleRingProgram(name: string, headFirst: boolean): SchemeProgram {
  return headSharingProgram(name, (world) => ({
    heads: valueIn(world, 'U'),
    rings: [valueIn(world, 'W'), valueIn(world, 'I')],
    headFirst,
  }));
}

export const programs: readonly SchemeProgram[] = [doubleRingProgram('double-ring', true), doubleRingProgram('double-ring-context', false)];
