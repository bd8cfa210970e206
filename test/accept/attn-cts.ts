import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Result } from '../../spec/types/documents.js';

const main = fileURLToPath(new URL('../../dist/suites/cli/main.js', import.meta.url));

/** Path of a kernel in test/kernels. */
export function kernelFile(name: string): string {
  return fileURLToPath(new URL(`../kernels/${name}.js`, import.meta.url));
}

/** Starts a command of the built command line; its stdout is dropped, or kept in a pipe. */
export function start(args: readonly string[], stdout: 'ignore' | 'pipe' = 'ignore', cwd?: string): ChildProcess {
  return spawn(process.execPath, [main, ...args], { stdio: ['ignore', stdout, 'pipe'], ...(cwd !== undefined && { cwd }) });
}

/** Waits for a command and returns what it prints on stdout. @throws as `ended`. */
export async function printed(child: ChildProcess, codes: readonly number[]): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (data) => {
    text += data;
  });
  await ended(child, codes);
  return text;
}

/** Waits for a process. @throws {Error} if its exit code is none of these, with what it printed on stderr. */
export async function ended(child: ChildProcess, codes: readonly number[]): Promise<void> {
  let printed = '';
  child.stderr?.on('data', (data) => {
    printed += data;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code === null || !codes.includes(code)) throw new Error(`exit code ${code}: ${printed}`);
}

/** Result document without its times, which differ from one run to the next. */
export function withoutTimes(file: string): Result {
  const result = JSON.parse(readFileSync(file, 'utf8')) as Result;
  return { ...result, started: '', checks: result.checks.map((c) => ({ ...c, milliseconds: 0 })) };
}
