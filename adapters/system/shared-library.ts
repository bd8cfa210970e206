import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { nearestNames } from '../../spec/lib/nearest.js';
import { Unavailable } from '../kernel.js';
import { isPythonPackage } from './assets.js';

/** Lists a library's exported functions by `nm`; undefined if nm fails. */
async function exportedFunctions(library: string): Promise<string[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)('nm', ['-D', '--defined-only', library], { maxBuffer: 1 << 26 });
    return parseSymbols(stdout);
  } catch {
    return undefined;
  }
}

/** Parses lines `address type name` for functions (T, W, i), without _init and _fini. */
export function parseSymbols(listing: string): string[] {
  const names = [...listing.matchAll(/^[0-9a-fA-F]+ [TWi] (\S+)$/gm)].map(([, name]) => name.replace(/@.*$/, ''));
  return names.filter((name) => name !== '_init' && name !== '_fini');
}

type Koffi = typeof import('koffi').default;
/** C function of numbers, typed arrays and null. */
export type NativeFunction = (...values: readonly unknown[]) => unknown;

interface Signature {
  readonly symbol: string;
  /** Type names of the call library. */
  readonly result: string;
  readonly arguments: readonly string[];
}

/** Shared library in this process. */
export interface Library {
  readonly environment: Readonly<Record<string, string>>;
  /** @throws {Unavailable} if the library lacks the symbol, with the nearest symbols. */
  function(signature: Signature): Promise<NativeFunction>;
}

/** Opens a shared library. @param document name in messages. @throws {Unavailable} */
export async function openLibrary(file: string, document: string): Promise<Library> {
  const koffi = await loadKoffi();
  if (!existsSync(file)) throw new Unavailable(`${document}: no such library: ${file}`, 'build it, or give the manifest a "build" command');
  const handle = attempt(
    () => koffi.load(file),
    (message) =>
      new Unavailable(
        `${document}: ${file} does not load: ${message}`,
        'build it for this machine, and install the libraries that it links to',
      ),
  );
  keepLoaded(koffi, file);
  return {
    environment: environmentOf(koffi, file),
    async function({ symbol, result, arguments: types }) {
      try {
        return handle.func(symbol, result, [...types]);
      } catch {
        const exported = await exportedFunctions(file);
        const nearest = exported ? `; ${nearestNames(symbol, exported)}` : '';
        throw new Unavailable(
          `${document}: ${file} exports no symbol "${symbol}"${nearest}`,
          'put the function\'s exported name into "symbol"; extern "C" keeps the names of C++ as they are written',
        );
      }
    },
  };
}

/** Imports koffi from this package or the working folder. @throws {Unavailable} if that fails. */
export async function loadKoffi(): Promise<Koffi> {
  try {
    return (await import('koffi')).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw notLoaded(error);
  }
  try {
    const file = createRequire(join(process.cwd(), 'package.json')).resolve('koffi');
    return (await import(pathToFileURL(file).href)).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw notLoaded(error);
    const reason = `koffi, which calls shared libraries, is not installed${isPythonPackage() ? '; the Python package does not bring it' : ''}`;
    throw new Unavailable(reason, 'npm install koffi, in the working folder');
  }
}

function notLoaded(error: unknown): Unavailable {
  return new Unavailable(`koffi does not load: ${(error as Error).message.split('\n')[0]}`, 'npm install koffi');
}

/** Keeps a second handle: unloading a library with running threads, e.g. OpenMP's, would crash. */
function keepLoaded(koffi: Koffi, file: string): void {
  if (process.platform === 'win32') return;
  const dlopen = koffi.load(null).func('dlopen', 'void *', ['str', 'int']);
  dlopen(file, constants.dlopen.RTLD_NOW);
}

function environmentOf(koffi: Koffi, file: string): Record<string, string> {
  return {
    koffi: koffi.version,
    library: basename(file),
    sha256: createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16),
    cpu: cpus()[0]?.model ?? 'unknown',
  };
}

function attempt<T>(work: () => T, failed: (message: string) => Error): T {
  try {
    return work();
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
}
