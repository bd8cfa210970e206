import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { userCache } from '../../../system/cache-folder.js';

const uvVersion = '0.13.9';

/** A step of making an environment that failed. */
export class Stop extends Error {}

/** Finds uv of this version, or installs it from PyPI into the cache. @throws {Stop} */
export function findUv(pythons: readonly string[]): string {
  const folder = join(userCache(), `uv-${uvVersion}`);
  const kept = join(folder, 'bin', process.platform === 'win32' ? 'uv.exe' : 'uv');
  const isRight = (uv: string) => spawnSync(uv, ['--version'], { encoding: 'utf8' }).stdout?.startsWith(`uv ${uvVersion} `);
  const found = ['uv', kept].find(isRight);
  if (found !== undefined) return found;
  for (const python of pythons) {
    const args = ['-m', 'pip', 'install', '--quiet', '--target', folder, `uv==${uvVersion}`];
    if (spawnSync(python, args, { stdio: ['ignore', 'inherit', 'ignore'] }).status === 0 && isRight(kept)) return kept;
  }
  throw new Stop(`uv ${uvVersion} is not installed, and no Python's pip could fetch it: install it from https://docs.astral.sh/uv`);
}

/** Runs a program to its end. @returns its stdout. @throws {Stop} with the end of its stderr. */
export function ran(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  let [printed, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors = (errors + text).slice(-4000)));
  const shown = [command, ...args].join(' ').slice(0, 200);
  return new Promise((done, failed) => {
    child.once('error', (error) => failed(new Stop(`${shown}: ${error.message}`)));
    child.once('close', (code) =>
      code === 0 ? done(printed) : failed(new Stop(`${shown} failed with exit code ${code}:\n${errors.trim()}`)),
    );
  });
}
