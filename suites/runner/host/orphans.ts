import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltIn } from '../../../adapters/load.js';
import { loadKoffi } from '../../../adapters/system/shared-library.js';

/** Call `prctl` of Linux: orphaned descendants become children of this process. */
const PR_SET_CHILD_SUBREAPER = 36;

const started = new Set<ChildProcess>();
let ours = false;
let adopted: Promise<string | undefined> | undefined;
let noted = false;

/** Declares that this process starts the suite's children only, before it starts one. */
export function ownThisProcess(): void {
  if (!ours) subscribe('child_process', (message) => started.add((message as { process: ChildProcess }).process));
  ours = true;
}

/**
 * Adopts orphans of kernels: a daemon in its own session and environment has no other mark. Returns
 * a reason if it cannot.
 */
export function adoptOrphans(): Promise<string | undefined> {
  if (!ours) return Promise.resolve(undefined);
  adopted ??= becomeSubreaper();
  return adopted;
}

async function becomeSubreaper(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'only Linux can hand orphaned processes to the suite';
  try {
    const koffi = await loadKoffi();
    const prctl = koffi.load(null).func('prctl', 'int', ['int', 'ulong', 'ulong', 'ulong', 'ulong']);
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) === 0 ? undefined : 'the system refused prctl PR_SET_CHILD_SUBREAPER';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Living children that this process did not start. */
export function orphans(): number[] {
  if (!ours || process.platform !== 'linux') return [];
  const known = new Set([...started].map(({ pid }) => pid));
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => isLivingChild(pid))
    .map(Number)
    .filter((pid) => !known.has(pid));
}

/** Reads state and parent after the name in parentheses, which may hold any character. */
function isLivingChild(pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(parent) === process.pid && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

/** Adopts a user's kernel's orphans, or notes once that it cannot. */
export async function noteOrphans(source: string): Promise<void> {
  const why = await adoptOrphans();
  if (why === undefined || noted || isBuiltIn(source)) return;
  noted = true;
  process.stderr.write(`note: daemons that a kernel starts in their own session and environment cannot be found: ${why}\n`);
}
