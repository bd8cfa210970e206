import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgsStringToArgv } from 'string-argv';
import type { ProjectSource } from '../../../spec/types/documents.js';
import { ran, Stop } from '../../backends/python/environment/uv.js';
import { repositoryPath } from '../load.js';

/**
 * Copies a commit from a folder of checkouts, DIR/OWNER/NAME, and runs its preparation.
 * @throws {Stop} if the folder has no such commit, or the preparation fails.
 */
export async function takeSource(
  { repository, commit, holds, prepare }: ProjectSource,
  sources: string | undefined,
  folder: string,
): Promise<void> {
  const path = repositoryPath(repository);
  if (sources === undefined)
    throw new Stop(`no registry has it: git clone ${repository} DIR/${path}, and name the folder by --sources DIR`);
  const checkout = join(resolve(sources), path);
  if (!existsSync(checkout)) throw new Stop(`--sources has no ${checkout}: git clone ${repository} ${checkout}`);
  const has = await ran('git', ['-C', checkout, 'cat-file', '-t', commit]).catch(() => '');
  if (has.trim() !== 'commit') throw new Stop(`${checkout} has no commit ${commit}: git -C ${checkout} fetch origin ${commit}`);
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    await ran('git', ['clone', '--quiet', '--no-checkout', '--local', '--no-hardlinks', checkout, unfinished]);
    await ran('git', ['-C', unfinished, 'checkout', '--quiet', '--detach', commit]);
    for (const step of prepare?.split('&&') ?? []) {
      const [program, ...args] = parseArgsStringToArgv(step);
      await ran(program, args, { cwd: unfinished });
    }
    if (!existsSync(join(unfinished, holds)))
      throw new Stop(`commit ${commit} of ${repository} has no ${holds}${prepare === undefined ? '' : ` after: ${prepare}`}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
