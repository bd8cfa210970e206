import type { SchemeProgram } from '../program.js';
import { schemePrograms } from '../programs/index.js';

/**
 * Returns the program of a scheme by name, or undefined if there is none.
 * @param more programs in addition to the built-in ones; one with the same name takes precedence.
 */
export function programNamed(name: string, more: readonly SchemeProgram[] = []): SchemeProgram | undefined {
  return [...more, ...schemePrograms].find((program) => program.name === name);
}
