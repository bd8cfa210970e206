import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { markName } from './guardian.js';

/** File in a host's private folder, written if its kernel started the suite. */
const note = 'asked';

/**
 * Folder of the host whose kernel started this process, directly or not. On Linux, environments of
 * ancestors show a kernel that empties its own.
 */
export function hostAbove(environment: NodeJS.ProcessEnv = process.env, parent = process.ppid): string | undefined {
  const own = folderOf(environment[markName]);
  if (own !== undefined || process.platform !== 'linux') return own;
  for (let pid: number | undefined = parent; pid !== undefined && pid > 1; pid = parentOf(pid)) {
    const mark = read(pid, 'environ')
      ?.split('\0')
      .find((line) => line.startsWith(`${markName}=`));
    const folder = folderOf(mark?.slice(markName.length + 1));
    if (folder !== undefined) return folder;
  }
  return undefined;
}

/** Notes in a host's folder that its kernel started the suite. */
export function noteAsked(folder: string): void {
  try {
    writeFileSync(join(folder, note), '');
  } catch {}
}

/** True if this host's kernel started the suite. */
export function wasAsked(folder: string): boolean {
  return existsSync(join(folder, note));
}

/** Accepts only an existing private folder of the suite: a kernel may set any text. */
function folderOf(mark: string | undefined): string | undefined {
  return mark !== undefined && isAbsolute(mark) && basename(mark).startsWith('attention-cts-') && existsSync(mark) ? mark : undefined;
}

/** Reads the parent after the name in parentheses, which may hold any character. */
function parentOf(pid: number): number | undefined {
  const stat = read(pid, 'stat');
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
