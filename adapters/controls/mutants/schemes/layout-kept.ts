import type { Positions } from '../../../../spec/scheme/positions.js';
import { layoutOf } from '../../../../spec/scheme/world.js';
import type { SchemeProgram } from '../../../parallel/program.js';

/** The document's layout, worked out once for each shape and mask: on other numbers of ranks those of the first are dealt out again. */
export function laidOutOnce(): NonNullable<SchemeProgram['solve']> {
  const known = new Map<string, readonly Positions[][]>();
  return ({ case: { dims, mask } }, world) => {
    const key = JSON.stringify([dims, mask]);
    const layout = known.get(key) ?? layoutOf(world);
    known.set(key, layout);
    return Array.from({ length: world.ranks }, (_, rank) => layout[rank % layout.length]);
  };
}
