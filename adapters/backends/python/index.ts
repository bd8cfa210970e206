import { existsSync, readdirSync } from 'node:fs';
import { basename, delimiter, dirname } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import type { Adapter } from '../../adapter.js';
import { Unavailable } from '../../kernel.js';
import type { LoadOptions } from '../../load-options.js';
import { asset } from '../../system/assets.js';
import { type Checkout, checkoutFolder, commitOf } from '../checkout.js';
import { startProcess } from '../process/index.js';
import { findPython } from './interpreter.js';

/** No compiled files are left beside a user's kernel. */
const env = { PYTHONDONTWRITEBYTECODE: '1' };

/** The harness: one file, which kernels of one's own may also bring a copy of. */
export const harness = asset('adapters/backends/python/attn_cts.py');

/**
 * The adapter that a Python function is: `file.py:function`, or `file.py` where it has a single `@kernel`.
 * @throws {Unavailable} where the file, the function or the interpreter is not there, or the file does not load.
 */
export async function loadPython(target: string, options: LoadOptions): Promise<Adapter> {
  const [, file] = /^(.+?\.py)(?::[^:/\\]+)?$/.exec(target) ?? [];
  if (file === undefined) throw new Unavailable(`python:${target} names no Python file`, 'write python:kernel.py:my_attention');
  if (!existsSync(file)) throw new Unavailable(`python:${target}: no such file: ${file}`, nearestFile(file));
  return serve(target, ['numpy'], options);
}

/** What a kernel of ours needs to be there. */
export interface Needs {
  readonly modules: readonly string[];
  /** A project that its user may bring as a checkout, whose folder Python then looks into first. */
  readonly checkout?: Checkout;
}

/** A kernel of ours that is written in Python: adapters/backends/python/kernels/FILE.py:FUNCTION. */
export async function loadOwn(id: string, kernel: string, { modules, checkout }: Needs, options: LoadOptions): Promise<Adapter> {
  const folder = checkout && process.env[checkout.variable] ? checkoutFolder(checkout) : undefined;
  const target = asset(`adapters/backends/python/kernels/${kernel}`);
  try {
    return await serve(target, ['numpy', ...modules], options, id, folder);
  } catch (error) {
    if (!(error instanceof Unavailable) || !checkout || folder) throw error;
    throw new Unavailable(error.reason, `${error.remedy}; or set ${checkout.variable} to the path of a clone of ${checkout.repository}`);
  }
}

async function serve(
  target: string,
  modules: readonly string[],
  { python, tmp, timeout, operators }: LoadOptions,
  id?: string,
  folder?: string,
): Promise<Adapter> {
  const path = folder && { PYTHONPATH: [folder, process.env.PYTHONPATH].filter(Boolean).join(delimiter) };
  const interpreter = await findPython(modules, python, { ...process.env, ...path });
  return startProcess([interpreter, harness, target, '--ranks', '{world}'], {
    ...(tmp && { tmp }),
    ...(timeout && { timeout }),
    ...(operators && { operators }),
    env: { ...env, ...path, ...(folder && { ATTN_CTS_COMMIT: await commitOf(folder) }) },
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
