import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Unavailable } from '../kernel.js';

/** Source of a project that has no package: the user names its folder. */
export interface Checkout {
  /** Environment variable of the folder's path, e.g. ATTN_CTS_GGML. */
  readonly variable: string;
  readonly repository: string;
  /** File that shows that the folder is ready, e.g. the library that its build writes. */
  readonly holds: string;
  /** Command that makes the file, run in the folder; absent if the repository has the file. */
  readonly prepare?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the folder that the user named. @throws {Unavailable} if it is not ready. */
export function checkoutFolder({ variable, repository, holds, prepare }: Checkout, environment: Environment = process.env): string {
  const named = environment[variable];
  const ready = prepare === undefined ? '' : `, run "${prepare}" in it`;
  if (!named) throw new Unavailable(`${variable} is not set`, `git clone ${repository}${ready}, and set ${variable} to its path`);
  const folder = resolve(named);
  if (!existsSync(folder))
    throw new Unavailable(`${variable} names ${named}: no such folder`, `set it to the path of a clone of ${repository}`);
  if (!existsSync(join(folder, holds))) {
    const remedy = prepare === undefined ? `set it to the path of a clone of ${repository}` : `run "${prepare}" in it`;
    throw new Unavailable(`${variable} names ${named}, which has no ${holds}`, remedy);
  }
  return folder;
}

/** Returns the commit of a folder, with + if it was changed; "unknown" if git fails. */
export async function commitOf(folder: string): Promise<string> {
  const git = promisify(execFile);
  try {
    const { stdout } = await git('git', ['-C', folder, 'describe', '--always', '--dirty=+', '--abbrev=12', '--exclude=*'], {
      timeout: 10_000,
    });
    return stdout.trim();
  } catch {
    return 'unknown';
  }
}
