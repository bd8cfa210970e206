import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import type { Adapter } from '../../adapter.js';
import { Unavailable } from '../../kernel.js';
import { pythonFileOf } from '../../kernel-file.js';
import type { LoadOptions } from '../../load-options.js';
import { asset } from '../../system/assets.js';
import { startProcess } from '../process/index.js';
import { findPython, NoPython, pythonPath } from './interpreter.js';

/** leaves no compiled files beside a user's kernel */
const env = { PYTHONDONTWRITEBYTECODE: '1' };

/** Harness that serves Python kernels, in one file. */
export const harness = asset('adapters/backends/python/attn_cts.py');

const ofModule = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$/;

/**
 * Loads `file.py:function`, a `file.py` with one `@kernel`, or `package.module:function`.
 * @throws {Unavailable} if file, function or interpreter is missing, or the file does not load.
 */
export async function loadPython(target: string, options: LoadOptions): Promise<Adapter> {
  if (ofModule.test(target) && !target.includes('.py:')) return serve(target, ['numpy', target.split(/[.:]/, 1)[0]], options);
  const file = pythonFileOf(target);
  if (file === undefined)
    throw new Unavailable(
      `python:${target} names no Python file`,
      'write python:kernel.py:my_attention, or python:package.module:my_attention',
    );
  if (!existsSync(file)) throw new Unavailable(`python:${target}: no such file: ${file}`, nearestFile(file));
  return serve(target, [...new Set(['numpy', ...importsOf(file)])], options, { folder: dirname(file) });
}

const brought = new Set(['attn_cts']);

/** Returns the modules that a file imports at line starts; empty if it uses `sys.path`. */
export function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  if (/\bsys\.path\b/.test(text)) return [];
  const lines = text.matchAll(
    /^(?:import[ \t]+([\w.]+(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[\w.]+(?:[ \t]+as[ \t]+\w+)?)*)|from[ \t]+([A-Za-z_][\w.]*)[ \t]+import\b)/gm,
  );
  const modules = [...lines].flatMap(([, listed, from]) => (listed?.split(',') ?? [from]).map((one) => one.trim().split(/[.\s]/, 1)[0]));
  return [...new Set(modules)].filter((name) => !brought.has(name));
}

/**
 * Loads `OWNER/KERNEL:function` of the Hugging Face Hub with the user's `kernels` package.
 * @throws {Unavailable} if the package, the kernel or the function is missing.
 */
export async function loadHub(target: string, options: LoadOptions): Promise<Adapter> {
  if (!/^[\w.-]+\/[\w.-]+(:\w+)?$/.test(target))
    throw new Unavailable(`hub:${target} names no kernel of the Hub`, 'write hub:OWNER/KERNEL:function');
  return serve(`hub:${target}`, ['numpy', 'kernels'], options);
}

/** Loads a kernel of this project, adapters/backends/python/kernels/FILE.py[:FUNCTION]. */
export function loadOwn(id: string, kernel: string, modules: readonly string[], options: LoadOptions): Promise<Adapter> {
  return serve(asset(`adapters/backends/python/kernels/${kernel}`), ['numpy', ...modules], options, { id });
}

/** What the glue of a project needs. */
export interface Needs {
  readonly modules: readonly string[];
  /** Folders in which modules are looked for first. */
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Loads the glue of a project, FILE.py:FUNCTION. @throws {Unavailable} with the remedy of the project. */
export async function loadGlue(
  { id, target, remedy }: { readonly id: string; readonly target: string; readonly remedy: string },
  { modules, folders, environment }: Needs,
  options: LoadOptions,
): Promise<Adapter> {
  try {
    return await serve(target, ['numpy', ...modules], options, { id, path: folders, environment });
  } catch (error) {
    // a Python that lacks the modules, unless the user named it
    if (!(error instanceof Unavailable) || !(error instanceof NoPython) || options.python !== undefined) throw error;
    throw new Unavailable(error.reason, `${remedy}; or ${error.remedy}`);
  }
}

interface Serving {
  readonly id?: string;
  /** Folder from which relative module paths begin. */
  readonly folder?: string;
  readonly path?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

async function serve(
  target: string,
  modules: readonly string[],
  { python, tmp, timeout, operators }: LoadOptions,
  { id, folder, path = [], environment }: Serving = {},
): Promise<Adapter> {
  const paths = path.length > 0 ? pythonPath(path) : {};
  const interpreter = await findPython(modules, python, { ...(folder && { folder }), env: { ...process.env, ...paths } });
  return startProcess([interpreter, harness, target, '--ranks', '{world}'], {
    ...(tmp && { tmp }),
    ...(timeout && { timeout }),
    ...(operators && { operators }),
    env: { ...env, ...paths, ...environment },
    what: id ?? `python:${target}`,
  });
}

/** Returns a remedy that names a similar file in the folder. */
function nearestFile(file: string): string {
  const folder = dirname(file);
  if (!existsSync(folder)) return `there is no folder ${folder}`;
  const others = readdirSync(folder).filter((name) => name.endsWith('.py'));
  const near = others.length > 0 ? closest(basename(file), others) : undefined;
  if (near !== undefined && distance(near, basename(file)) <= 3) return `did you mean ${near}?`;
  return others.length > 0 ? `${folder} has ${others.slice(0, 5).join(', ')}` : `there is no Python file in ${folder}`;
}
