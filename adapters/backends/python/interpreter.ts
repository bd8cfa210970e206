import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { Unavailable } from '../../kernel.js';
import { environmentPython, lockHas, makeEnvironment } from './environment/environment.js';

const names = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];

/** Returns the starter's Python, the first on the path, the locked one, and further Pythons. */
function candidates(): string[] {
  const [name] = names;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const others = process.platform === 'win32' ? [] : [...folders.slice(0, mostFolders), '/usr/bin'].map((folder) => join(folder, name));
  const first = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  const seen = new Set(first === undefined ? [] : [realpathSync(first)]);
  const further = others.filter((path) => existsSync(path) && seen.size < seen.add(realpathSync(path)).size);
  const starter = process.env.ATTN_CTS_PYTHON ? [process.env.ATTN_CTS_PYTHON] : [];
  const locked = environmentPython();
  return [...starter, name, ...(locked === undefined ? [] : [locked]), ...further, ...names.slice(1)];
}

/** Returns an environment in which modules are first looked for in these folders. */
export function pythonPath(folders: readonly string[]): { readonly PYTHONPATH: string } {
  return { PYTHONPATH: [...folders, process.env.PYTHONPATH].filter(Boolean).join(delimiter) };
}

const mostFolders = 50;

/** Program that prints the version and the missing modules, without importing them. */
const probe = `import importlib.util as u, platform, sys
sys.path.insert(0, sys.argv.pop(1))
print(platform.python_version(), *[m for m in sys.argv[1:] if u.find_spec(m) is None])`;

const patience = 30_000;

interface Seen {
  readonly python: string;
  /** Version of the interpreter; undefined if it does not run. */
  readonly version?: string;
  readonly missing: readonly string[];
}

/** No Python has the modules that a kernel needs. */
export class NoPython extends Unavailable {}

/** Finds a Python that has these modules. @throws {NoPython} if each lacks one. */
export async function findPython(
  modules: readonly string[],
  named?: string,
  { folder = '.', env = process.env }: { readonly folder?: string; readonly env?: Environment } = {},
): Promise<string> {
  const seen: Seen[] = [];
  const tried = named === undefined ? candidates() : [named];
  for (const python of tried) {
    const found = await look(python, modules, folder, env);
    if (found.version !== undefined && found.missing.length === 0) return python;
    seen.push(found);
  }
  const running = seen.filter((s) => s.version !== undefined);
  if (running.length === 0) {
    const reason =
      named === undefined ? `no Python interpreter was found; tried ${tried.join(', ')}` : `${named} cannot be run as a Python interpreter`;
    throw new NoPython(reason, 'install Python 3.9 or newer, or name one with --python PATH');
  }
  // suggest the interpreter that lacks fewest modules; the next lock empties the locked environment
  const locked = environmentPython();
  const others = running.filter(({ python }) => python !== locked);
  const best = (others.length > 0 ? others : running).reduce((a, b) => (b.missing.length < a.missing.length ? b : a));
  const reason = running.map((s) => `${s.python} (${s.version}) has no ${s.missing.join(', ')}`).join('; ');
  const install = `${best.python} -m pip install ${best.missing.join(' ')}`;
  if (named !== undefined) throw new NoPython(reason, install);
  const make = locked === undefined && lockHas(modules) ? `${makeEnvironment} in this clone, or ` : '';
  throw new NoPython(reason, `${make}${install}, or name another Python with --python PATH`);
}

type Environment = Readonly<Record<string, string | undefined>>;

async function look(python: string, modules: readonly string[], folder: string, env: Environment): Promise<Seen> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', probe, folder, ...modules], { timeout: patience, env });
    const [version, ...missing] = stdout.trim().split(/\s+/);
    return { python, version, missing };
  } catch {
    return { python, missing: [] };
  }
}
