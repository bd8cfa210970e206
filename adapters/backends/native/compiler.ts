import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** C++ compiler on this machine. */
export interface Compiler {
  readonly command: string;
  /** First line that `--version` prints. */
  readonly version: string;
}

/** Returns the first of $CXX, g++, clang++ and c++ that runs; undefined if none does. */
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

/**
 * Compiles a source file to a library. Rejects with an error that holds the compiler's output.
 * @param libraries those that it is linked to, `-lm`: a linker takes them after what needs them.
 */
export async function compile(
  { command }: Compiler,
  flags: readonly string[],
  source: string,
  library: string,
  libraries: readonly string[] = [],
): Promise<void> {
  await run(command, [...flags, '-o', library, source, ...libraries], { maxBuffer: 1 << 26 });
}
