import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A C++ compiler on this machine. */
export interface Compiler {
  readonly command: string;
  /** The first line of what it says of itself. */
  readonly version: string;
}

/** $CXX, or the first that is found; undefined where there is none. */
export async function findCompiler(): Promise<Compiler | undefined> {
  for (const command of [process.env.CXX, 'g++', 'clang++', 'c++']) {
    if (!command) continue;
    const version = await run(command, ['--version']).then(
      ({ stdout }) => stdout.split('\n')[0],
      () => undefined,
    );
    if (version !== undefined) return { command, version };
  }
  return undefined;
}

/** What it printed is in the error. */
export async function compile({ command }: Compiler, flags: readonly string[], source: string, library: string): Promise<void> {
  await run(command, [...flags, '-o', library, source], { maxBuffer: 1 << 26 });
}
