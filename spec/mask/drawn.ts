import type { SpecLibrary } from '../spec-library.js';

/** Masks to plan and draw from: opt-in masks only if they are in `named`. */
export function drawnMasks(library: SpecLibrary, named: readonly string[]): string[] {
  return [...library.masks.values()].filter(({ name, optIn }) => !optIn || named.includes(name)).map(({ name }) => name);
}
