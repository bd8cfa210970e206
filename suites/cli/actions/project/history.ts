import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { removeVersion, Stop, versionsOf } from '../../../../adapters/project/install/install.js';
import { isInstalled } from '../../../../adapters/project/installed.js';
import { exitCodes } from '../../../lib/exit-code.js';
import { UsageError } from '../../../lib/usage-error.js';
import type { Run } from '../../finish.js';
import { trendAction } from '../trend.js';
import { folderOf, lineOf } from './run.js';
import { installed, type ProjectFlags, projectOf } from './settings.js';

/**
 * Runs `attn-cts project history`: versions that have a result already are not judged again.
 * @returns the exit code of the trend. @throws {UsageError} if the document lists no earlier versions.
 */
export async function projectHistory(named: string, rest: readonly string[], flags: ProjectFlags, run: Run): Promise<number> {
  const { project } = projectOf(named);
  const versions = versionsOf(project);
  if (versions.length < 2)
    throw new UsageError(`${project.name} lists no earlier versions: add "history" to ${join(project.folder, 'project.json')}`);
  const results: string[] = [];
  for (const version of versions) {
    const out = folderOf(project, version, flags);
    const result = join(out, 'result.json');
    if (!existsSync(result)) {
      process.stderr.write(`\n${project.name} ${version}\n`);
      const there = isInstalled(project, version);
      try {
        if (!(await installed(project, version, flags))) continue;
        await run([...lineOf(project, version, rest, flags, out), '--allow-incomplete']);
      } catch (error) {
        if (!(error instanceof Stop)) throw error;
        process.stderr.write(`${project.name} ${version} is left out: ${error.message}\n`);
      }
      if (!there && !flags.keep) removeVersion(project, version);
    }
    if (existsSync(result)) results.push(result);
  }
  if (results.length === 0) return exitCodes.inconclusive;
  const code = await trendAction(results, {});
  process.stdout.write(
    `a page of it: npx attention-cts report ${results.join(' ')} --reporter html=${join(flags.out, project.name, 'site')}\n`,
  );
  return code;
}
