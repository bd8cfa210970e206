// `npm run python`: makes the locked Python environment of the tests with uv.
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { userCache } from '../../../system/cache-folder.js';
import { makeFolder } from '../../../system/make-folder.js';
import { environmentFolder, environmentPython, interpreterIn, lockFile, wholeMark } from './environment.js';
import { installedPythons } from './installed.js';
import { findUv, Stop } from './uv.js';

const help = `usage: npm run python [-- OPTIONS]

Makes the Python environment of the suite's own tests: NumPy, pytest, safetensors, PyTorch, JAX,
ONNX Runtime, in the versions that adapters/backends/python/environment/requirements.txt pins by
hash. The tests and attn-cts find it in the cache folder. A second run changes and fetches nothing.

On Linux x86-64 PyPI's PyTorch is the build for CUDA: about 3 GB to fetch and 6 GB on disk, in half a
minute on a fast connection. Without a GPU it computes on the CPU.

  --python PATH  the interpreter to use (default: the newest installed one, at least 3.11)
  --lock         resolve requirements.in anew and write requirements.txt, then make the environment
  --remove       remove the environment, and the environments of earlier requirements
  --help         print this
`;

const needed = 10e9;

/** @throws {Stop} if the program fails. */
function run(command: string, args: readonly string[], options: SpawnSyncOptions = {}): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (status !== 0) throw new Stop(`${command} ${args.slice(0, 3).join(' ')} failed: ${error?.message ?? `exit code ${status}`}`);
}

/** Resolves the requirements for every platform and for Python 3.11 or newer. */
function lock(uv: string): void {
  const file = 'adapters/backends/python/environment/requirements.in';
  const asked = 'npm run python -- --lock';
  run(uv, [
    ...['pip', 'compile', '--quiet', '--universal', '--python-version', '3.11', '--generate-hashes', '--upgrade'],
    ...['--no-emit-find-links', '--custom-compile-command', asked, '--output-file', lockFile, file],
  ]);
}

/** Makes the environment with the newest interpreter that has wheels of every package. */
function make(uv: string, folder: string, pythons: readonly string[]): void {
  makeFolder(folder);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < needed) {
    throw new Stop(`${folder} has ${gigabytes(bavail * bsize)} free; the environment needs ${gigabytes(needed)}`);
  }
  const started = Date.now();
  const left: string[] = [];
  for (const python of pythons) {
    process.stdout.write(`making ${folder} with ${python}\n`);
    try {
      run(uv, ['venv', '--quiet', '--clear', '--no-python-downloads', '--python', python, folder]);
      const env = { ...process.env, VIRTUAL_ENV: folder, UV_PYTHON_DOWNLOADS: 'never' };
      run(uv, ['pip', 'sync', '--quiet', '--require-hashes', '--no-build', lockFile], { env });
    } catch (error) {
      left.push(python);
      process.stdout.write(`${(error as Error).message}\n`);
      continue;
    }
    const seconds = Math.round((Date.now() - started) / 1000);
    writeFileSync(join(folder, wholeMark), `${JSON.stringify({ python, seconds })}\n`);
    process.stdout.write(`made in ${seconds} s: ${gigabytes(sizeOf(folder))}\n`);
    return;
  }
  throw new Stop(`the packages could not be installed with ${left.join(', ')}: see above, or name another Python with --python PATH`);
}

/** Compiles the modules once: PyTorch then imports in 2 s instead of 3. */
function compile(folder: string): void {
  const mark = join(folder, 'compiled');
  if (existsSync(mark)) return;
  spawnSync(interpreterIn(folder), ['-m', 'compileall', '-q', '-j', '0', join(folder, 'lib')], { stdio: 'ignore' });
  writeFileSync(mark, '');
}

function removeOthers(kept?: string): void {
  const folder = join(userCache(), 'python');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (join(folder, name) === kept) continue;
    process.stdout.write(`removing ${join(folder, name)}\n`);
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Returns the bytes of a folder's files. */
function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

function main(): void {
  const options = {
    python: { type: 'string' },
    lock: { type: 'boolean' },
    remove: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  if (values.remove) {
    removeOthers();
    return;
  }
  const pythons = installedPythons(values.python === undefined ? undefined : [values.python]);
  if (pythons.length === 0) {
    const what = values.python === undefined ? 'no Python 3.11 or newer was found' : `${values.python} is not Python 3.11 or newer`;
    throw new Stop(`${what}: install one, or name one with --python PATH`);
  }
  if (values.lock) lock(findUv(pythons));
  const folder = environmentFolder();
  if (folder === undefined) throw new Stop(`no such file: ${lockFile}`);
  const made = environmentPython();
  if (made === undefined) {
    process.stdout.write(help.slice(help.indexOf('Makes'), help.indexOf('  --python')));
    make(findUv(pythons), folder, pythons);
  }
  compile(folder);
  removeOthers(folder);
  process.stdout.write(`${interpreterIn(folder)}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`npm run python: ${(error as Error).message}\n`);
  process.exitCode = error instanceof Stop ? 1 : 2;
}
