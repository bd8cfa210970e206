import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../../../adapters/project/projects.js';
import { exitCodes } from '../../../lib/exit-code.js';
import type { Run } from '../../finish.js';
import { installed, type ProjectFlags, projectOf, sourcesOf } from './settings.js';

/** Runs `attn-cts project run`. @returns the exit code. @throws {UsageError} @throws {Stop} if it cannot be installed. */
export async function runProject(named: string, rest: readonly string[], flags: ProjectFlags, run: Run): Promise<number> {
  const { project, version } = projectOf(named);
  if (!(await installed(project, version, flags))) return exitCodes.inconclusive;
  return run(lineOf(project, version, rest, flags, folderOf(project, version, flags)));
}

/** Folder of the results of a version. */
export function folderOf({ name, python }: Project, version: string | undefined, { out }: ProjectFlags): string {
  return join(out, name, version ?? python?.version ?? 'source');
}

/** Command line that judges a version. */
export function lineOf(project: Project, version: string | undefined, rest: readonly string[], flags: ProjectFlags, out: string): string[] {
  const known = join(project.folder, 'expectations.json');
  const adapters = sourcesOf(project, version, flags).flatMap((source) => ['--adapter', source]);
  return ['run', ...adapters, '--out', out, ...(existsSync(known) ? ['--expectations', known] : []), ...rest];
}
