import type { SchemeProgram } from '../program.js';
import { ringProgram } from './ring.js';

/** Every scheme's program, in the order of spec/schemes. */
export const programs: readonly SchemeProgram[] = [ringProgram('ring'), ringProgram('ring-zigzag'), ringProgram('ring-striped')];

export function programNamed(name: string): SchemeProgram | undefined {
  return programs.find((program) => program.name === name);
}
