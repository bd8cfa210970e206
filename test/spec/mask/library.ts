import { compileMask } from '../../../spec/mask/compile/compile.js';
import type { CompiledMask, MaskProblem } from '../../../spec/mask/compile/compiled-mask.js';
import { maskDocuments } from '../../../spec/masks/index.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Mask, MaskParameters, MaskSpec } from '../../../spec/types/documents.js';

/** A library of our masks, and those added. */
export function libraryOf(...added: MaskSpec[]): SpecLibrary {
  return {
    masks: new Map([...maskDocuments, ...added].map((m) => [m.name, m])),
    operators: new Map(),
    profiles: new Map(),
    schemes: new Map(),
    clusters: new Map(),
    lengths: new Map(),
  };
}

export const library = libraryOf();

export function problemOf(sizes: Partial<MaskProblem> = {}): MaskProblem {
  return { b: 1, heads: 1, m: 4, n: 4, causal: 'bottom-right', window: 'inclusive', ...sizes };
}

export function compileByName(name: string, parameters: MaskParameters | undefined, sizes: Partial<MaskProblem> = {}): CompiledMask {
  return compileMask(library, { name, parameters }, problemOf(sizes));
}

/** A row per query, `x` where the key is visible. */
export function rowsOf(mask: CompiledMask, b = 0, h = 0): string[] {
  return Array.from({ length: mask.m }, (_, i) =>
    Array.from({ length: mask.n }, (_, j) => (mask.visible(b, h, i, j) ? 'x' : '.')).join(''),
  );
}

export function draw(mask: Mask, sizes: Partial<MaskProblem> = {}): string[] {
  return rowsOf(compileMask(library, mask, problemOf(sizes)));
}
