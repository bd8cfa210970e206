import type { SpecLibrary } from '../spec-library.js';

/** The masks that checks are planned for and cases are drawn from: opt-in ones only where they are among the `named`. */
export function drawnMasks(library: SpecLibrary, named: readonly string[]): string[] {
  return [...library.masks.values()].filter(({ name, optIn }) => !optIn || named.includes(name)).map(({ name }) => name);
}
