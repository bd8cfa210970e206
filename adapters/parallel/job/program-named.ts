import type { SchemeProgram } from '../program.js';
import { schemePrograms } from '../programs/index.js';

/** Returns the program of a scheme; `more` takes precedence over built-in programs. */
export function programNamed(name: string, more: readonly SchemeProgram[] = []): SchemeProgram | undefined {
  return [...more, ...schemePrograms].find((program) => program.name === name);
}
