import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgsStringToArgv } from 'string-argv';
import { Unavailable } from '../../kernel.js';
import { locked } from './lock.js';

export interface Build {
  readonly command: string;
  readonly folder: string;
  readonly library: string;
  /** Files from which the library is built; if absent, the files that the command names. */
  readonly sources?: readonly string[];
  readonly document: string;
}

/** Maximum number of characters of compiler output in an error. */
const longest = 4000;

/** Builds a missing or outdated library, once among processes. @throws {Unavailable} */
export async function build(what: Build): Promise<void> {
  if (isFresh(what)) return;
  await locked(`${what.library}.lock`, async () => {
    if (isFresh(what)) return;
    await runCommand(what);
    if (!existsSync(what.library))
      throw new Unavailable(
        `${what.document}: "build" ended without writing ${what.library}`,
        'change the command so that it writes that file, or set "library" to the file that it writes',
      );
  });
}

/** Returns true if the library is up to date. @throws {Unavailable} if a source is missing. */
function isFresh(what: Build): boolean {
  const sources = sourcesOf(what).map((source) => modified(source, what));
  return existsSync(what.library) && Math.max(...sources) <= statSync(what.library).mtimeMs;
}

function sourcesOf({ command, folder, library, sources, document }: Build): string[] {
  const named = sources ?? parseArgsStringToArgv(command).slice(1);
  const files = named.map((name) => resolve(folder, name)).filter((file) => file !== library);
  return [document, ...(sources ? files : files.filter((file) => existsSync(file) && statSync(file).isFile()))];
}

function modified(file: string, { document }: Build): number {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new Unavailable(`${document}: no such source: ${file}`, 'correct "sources" in the manifest');
  return found.mtimeMs;
}

function runCommand({ command, folder, document }: Build): Promise<void> {
  const [program, ...args] = parseArgsStringToArgv(command);
  // a program given with a path is relative to the folder
  const file = /[\\/]/.test(program) ? resolve(folder, program) : program;
  return new Promise((done, failed) => {
    execFile(file, args, { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (!error) return done();
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT')
        return failed(new Unavailable(`${document}: the command "${program}" of "build" was not found`, remedyFor(basename(program))));
      const printed = (stderr || stdout || error.message).trim().slice(0, longest);
      failed(
        new Unavailable(
          `${document}: "build" failed (${error.signal ?? `exit ${code}`}):\n${printed}`,
          'fix the errors that the command printed',
        ),
      );
    });
  });
}

function remedyFor(program: string): string {
  return /^(g\+\+|gcc|cc|c\+\+|clang(\+\+)?)$/.test(program)
    ? 'apt install g++, or name another compiler'
    : 'install it, or correct "build" in the manifest';
}
