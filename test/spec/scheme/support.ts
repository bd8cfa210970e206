import { createLibrary } from '../../../spec/library.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import type { SchemeLayout } from '../../../spec/scheme/volume.js';
import { layoutOf, type World } from '../../../spec/scheme/world.js';
import type { Dims, Mask, Positions, Scheme } from '../../../spec/types/documents.js';

const library = createLibrary();

export function dims(some: Partial<Dims>): Dims {
  return { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 1, e: 1, ...some };
}

export function schemeNamed(name: string): Scheme {
  return library.schemes.get(name) as Scheme;
}

export function maskOf({ b, hk, g, m, n }: Dims, mask: Mask): CompiledMask {
  return compileMask(library, mask, { b, heads: hk * g, m, n, causal: 'bottom-right', window: 'inclusive' });
}

/** Queries lie with their keys. */
export function sharded(world: World): SchemeLayout {
  const places = layoutOf(world);
  return { keys: places, queries: places };
}

export function whole(start: number, length: number): Positions[] {
  return [{ start, length, stride: 1 }];
}
