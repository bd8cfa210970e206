import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Compiler {
  readonly command: string;
  readonly version: string;
}

/** Returns the first of $CXX, g++, clang++ and c++ that runs, or undefined. */
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

/** Compiles a source file, or rejects with an error that holds the compiler's output. */
export async function compile(
  { command }: Compiler,
  flags: readonly string[],
  source: string,
  library: string,
  libraries: readonly string[] = [],
): Promise<void> {
  await run(command, [...flags, '-o', library, source, ...libraries], { maxBuffer: 1 << 26 });
}
