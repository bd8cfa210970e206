import type { SchemeProgram } from '../program.js';
import { schemePrograms } from '../programs/index.js';

/** @param more programs beside ours; one with the name of ours has its place. */
export function programNamed(name: string, more: readonly SchemeProgram[] = []): SchemeProgram | undefined {
  return [...more, ...schemePrograms].find((program) => program.name === name);
}
