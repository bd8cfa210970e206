import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import type { Adapter } from '../../adapter.js';
import { Unavailable } from '../../kernel.js';
import type { LoadOptions } from '../../load-options.js';
import { asset } from '../../system/assets.js';
import { startProcess } from '../process/index.js';
import { findPython } from './interpreter.js';

/** No compiled files are left beside a user's kernel. */
const env = { PYTHONDONTWRITEBYTECODE: '1' };

/** The harness: one file, which kernels of one's own may also bring a copy of. */
export const harness = asset('adapters/backends/python/attn_cts.py');

/** A function of an importable module: `package.module:function`. */
const ofModule = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$/;

/**
 * The adapter that a Python function is: `file.py:function`, `file.py` where it has a single `@kernel`, or `package.module:function`.
 * @throws {Unavailable} where the file, the function or the interpreter is not there, or the file does not load.
 */
export async function loadPython(target: string, options: LoadOptions): Promise<Adapter> {
  if (ofModule.test(target) && !target.includes('.py:')) return serve(target, ['numpy', target.split(/[.:]/, 1)[0]], options);
  const [, file] = /^(.+?\.py)(?::[^:/\\]+)?$/.exec(target) ?? [];
  if (file === undefined)
    throw new Unavailable(
      `python:${target} names no Python file`,
      'write python:kernel.py:my_attention, or python:package.module:my_attention',
    );
  if (!existsSync(file)) throw new Unavailable(`python:${target}: no such file: ${file}`, nearestFile(file));
  return serve(target, ['numpy'], options);
}

/**
 * The adapter that a function of a kernel of the Hugging Face Hub is, `OWNER/KERNEL:function`. The user's installation of `kernels` fetches it.
 * @throws {Unavailable} where that library, the kernel or the function is not there.
 */
export async function loadHub(target: string, options: LoadOptions): Promise<Adapter> {
  if (!/^[\w.-]+\/[\w.-]+(:\w+)?$/.test(target))
    throw new Unavailable(`hub:${target} names no kernel of the Hub`, 'write hub:OWNER/KERNEL:function');
  return serve(`hub:${target}`, ['numpy', 'kernels'], options);
}

/** A kernel of ours that is written in Python: adapters/backends/python/kernels/FILE.py:FUNCTION, which needs some modules. */
export async function loadOwn(id: string, kernel: string, modules: readonly string[], options: LoadOptions): Promise<Adapter> {
  return serve(asset(`adapters/backends/python/kernels/${kernel}`), ['numpy', ...modules], options, id);
}

async function serve(
  target: string,
  modules: readonly string[],
  { python, tmp, timeout, operators }: LoadOptions,
  id?: string,
): Promise<Adapter> {
  const interpreter = await findPython(modules, python);
  return startProcess([interpreter, harness, target, '--ranks', '{world}'], {
    ...(tmp && { tmp }),
    ...(timeout && { timeout }),
    ...(operators && { operators }),
    env,
    what: id ?? `python:${target}`,
  });
}

/** The file of a like name in its folder, if there is one. */
function nearestFile(file: string): string {
  const folder = dirname(file);
  if (!existsSync(folder)) return `there is no folder ${folder}`;
  const others = readdirSync(folder).filter((name) => name.endsWith('.py'));
  const near = others.length > 0 ? closest(basename(file), others) : undefined;
  if (near !== undefined && distance(near, basename(file)) <= 3) return `did you mean ${near}?`;
  return others.length > 0 ? `${folder} has ${others.slice(0, 5).join(', ')}` : `there is no Python file in ${folder}`;
}
