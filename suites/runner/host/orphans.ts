import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltIn } from '../../../adapters/load.js';
import { loadKoffi } from '../../../adapters/system/shared-library.js';

/** Linux's prctl: orphans among the descendants of this process become its children, not those of init. */
const PR_SET_CHILD_SUBREAPER = 36;

const started = new Set<ChildProcess>();
let ours = false;
let adopted: Promise<string | undefined> | undefined;
let noted = false;

/** Says that this process starts no children but the suite's, so that any other child of it is an orphan of a kernel. To be called before it starts one. */
export function ownThisProcess(): void {
  if (!ours) subscribe('child_process', (message) => started.add((message as { process: ChildProcess }).process));
  ours = true;
}

/**
 * Makes the orphans of kernels children of this process, where it is the suite's own: a daemon that leaves its session and its environment is known by
 * nothing else. @returns why that cannot be, in words; undefined where it is so, or where this process is somebody else's.
 */
export function adoptOrphans(): Promise<string | undefined> {
  if (!ours) return Promise.resolve(undefined);
  adopted ??= becomeSubreaper();
  return adopted;
}

async function becomeSubreaper(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'only Linux hands the orphans of a process to one that asks for them';
  try {
    const koffi = await loadKoffi();
    const prctl = koffi.load(null).func('prctl', 'int', ['int', 'ulong', 'ulong', 'ulong', 'ulong']);
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) === 0 ? undefined : 'the system refuses it (prctl PR_SET_CHILD_SUBREAPER)';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Living children of this process that it did not start; none where it is not the suite's own. */
export function orphans(): number[] {
  if (!ours || process.platform !== 'linux') return [];
  const known = new Set([...started].map(({ pid }) => pid));
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => isLivingChild(pid))
    .map(Number)
    .filter((pid) => !known.has(pid));
}

/** Tells whether a process is a living child of this one. Its state and parent come after its name in parentheses, which may have any character in it. */
function isLivingChild(pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(parent) === process.pid && state !== 'Z' && state !== 'X';
  } catch {
    // it is gone
    return false;
  }
}

/** Sees to it that what somebody else's kernel leaves behind is found, or says once that it is not. */
export async function noteOrphans(source: string): Promise<void> {
  const why = await adoptOrphans();
  if (why === undefined || noted || isBuiltIn(source)) return;
  noted = true;
  process.stderr.write(`note: a daemon that a kernel starts in a session and an environment of its own is not looked for: ${why}\n`);
}
