import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { Unavailable } from '../../kernel.js';
import { asset } from '../../system/assets.js';
import { libraryFolder } from '../../system/cache-folder.js';
import { type Compiler, compile, findCompiler } from './compiler.js';

/** -fno-math-errno and -fno-trapping-math keep values; loops with roundings can vectorise. */
const flags = ['-std=c++17', '-O3', '-shared', '-fPIC', '-fno-math-errno', '-fno-trapping-math', '-Wno-psabi'];
/** Tried in this order: a compiler may not know the machine, or lack OpenMP. */
const extras = [['-march=native', '-fopenmp'], ['-fopenmp'], ['-march=native'], []];

export interface BuiltInLibrary {
  readonly file: string;
  readonly compiler: string;
  readonly flags: string;
}

/** Finds the kernel in the cache or compiles it. @throws {Unavailable} without a compiler. */
export async function builtInLibrary(): Promise<BuiltInLibrary> {
  const compiler = await findCompiler();
  if (!compiler) throw new Unavailable('no C++ compiler was found (tried CXX, g++, clang++ and c++)', 'apt install g++');
  const folder = libraryFolder();
  let failure: unknown;
  for (const extra of extras) {
    const all = [...flags, ...extra];
    const file = join(folder, `attention-${keyOf(compiler, all)}.so`);
    try {
      if (!existsSync(file)) await compileInto(file, compiler, all);
      return { file, compiler: compiler.version, flags: all.join(' ') };
    } catch (error) {
      failure = error;
    }
  }
  const { stderr, message } = failure as Error & { stderr?: string };
  throw new Unavailable(`${compiler.command} does not compile the kernel: ${(stderr || message).trim().slice(0, 2000)}`, 'apt install g++');
}

/** Compiles to a temporary name and renames: several processes may compile at once. */
async function compileInto(file: string, compiler: Compiler, all: readonly string[]): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    await compile(compiler, all, asset('adapters/backends/native/kernel/attention.cpp'), unfinished);
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function keyOf({ version }: Compiler, all: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([version, all, process.platform, process.arch, cpus()[0]?.model]));
  for (const file of sources()) hash.update(basename(file)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 24);
}

function sources(): string[] {
  const folder = asset('adapters/backends/native/kernel');
  const kernel = readdirSync(folder).sort();
  return [asset('adapters/backends/native/include/attention_cts.h'), ...kernel.map((name) => join(folder, name))];
}
