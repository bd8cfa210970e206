import { remove, Stop } from '../../../../adapters/project/install/install.js';
import { exitCodes } from '../../../lib/exit-code.js';
import { installed, type ProjectFlags, projectOf } from './settings.js';

/** Runs `attn-cts project install`: what cannot be installed is told, and the next one is. @returns the exit code. @throws {UsageError} */
export async function installProjects(names: readonly string[], flags: ProjectFlags): Promise<number> {
  const all = names.map(projectOf);
  let code: number = exitCodes.passed;
  for (const [at, { project, version }] of all.entries()) {
    try {
      const done = await installed(project, version, flags);
      process.stdout.write(`${names[at]}: ${done ? 'installed' : 'not installed'}\n`);
      if (!done) code = exitCodes.inconclusive;
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      process.stderr.write(`${names[at]}: ${error.message}\n`);
      code = exitCodes.inconclusive;
    }
  }
  return code;
}

/** Runs `attn-cts project remove`. @returns the exit code. @throws {UsageError} */
export function removeProjects(names: readonly string[]): number {
  for (const { project } of names.map(projectOf)) {
    const folders = remove(project);
    process.stdout.write(
      folders.length === 0 ? `${project.name}: not installed\n` : folders.map((folder) => `removed ${folder}\n`).join(''),
    );
  }
  return exitCodes.passed;
}
