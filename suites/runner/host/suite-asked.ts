import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { markName } from './guardian.js';

/** Name of the file in a host's private folder that says that its kernel started the suite. */
const note = 'asked';

/**
 * Folder of the host whose kernel started this process, or one above it; undefined if no kernel did. A process above is asked only on Linux, whose system
 * tells the environment that a process was started with: a kernel that empties its own is found too.
 * @param environment of this process. @param parent process id of the one that started it.
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

/** Tells the host of this folder that its kernel started the suite. A folder that is not writable stays as it is: the kernel gets no answer anyway. */
export function noteAsked(folder: string): void {
  try {
    writeFileSync(join(folder, note), '');
  } catch {
    // gone, or full
  }
}

/** Tells whether the kernel of the host with this private folder started the suite. */
export function wasAsked(folder: string): boolean {
  return existsSync(join(folder, note));
}

/** A mark that names a private folder of the suite that is there; undefined for any other text, which a kernel may have set. */
function folderOf(mark: string | undefined): string | undefined {
  return mark !== undefined && isAbsolute(mark) && basename(mark).startsWith('attention-cts-') && existsSync(mark) ? mark : undefined;
}

/** The parent's id comes after the name in parentheses, which may have any character in it. */
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
