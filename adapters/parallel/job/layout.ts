import { type Positions, segmentsOf } from '../../../spec/positions.js';
import type { SchemeLayout } from '../../../spec/scheme/volume.js';
import { layoutOf, type World } from '../../../spec/scheme/world.js';
import type { WholeProblem } from '../blocks/local-attention.js';
import type { SchemeProgram } from '../program.js';
import { programNamed } from './program-named.js';

/** Returns positions by rank, from the program's solver or the scheme's document. */
export function layoutFor(
  world: World,
  whole: WholeProblem,
  program: SchemeProgram | undefined = programNamed(world.scheme.name),
): SchemeLayout {
  const keys = program?.solve ? program.solve(whole, world) : layoutOf(world);
  const remapped = program?.remapped?.(whole, world);
  return { keys, queries: queriesOf(world, keys, whole.case.dims.m), ...(remapped && { remapped }) };
}

function queriesOf({ scheme, ranks }: World, keys: readonly (readonly Positions[])[], m: number): readonly (readonly Positions[])[] {
  if ((scheme.queries ?? 'sharded') === 'sharded') return keys;
  const all = segmentsOf(Int32Array.from({ length: m }, (_, i) => i));
  return Array.from({ length: ranks }, (_, rank) => (scheme.queries === 'replicated' || rank === 0 ? all : []));
}
