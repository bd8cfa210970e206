import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Unavailable } from '../../kernel.js';

/** Interpreters of the machine. A system's own Python often has modules that another one, first on the path, lacks. */
const usual = process.platform === 'win32' ? ['python', 'py'] : ['python3', '/usr/bin/python3', 'python'];
/** Interpreters to try, in this order: first the one whose package of attention-cts started this command. */
const candidates = process.env.ATTN_CTS_PYTHON ? [process.env.ATTN_CTS_PYTHON, ...usual] : usual;

/** Program that prints the version, then the missing modules among its arguments. It imports none: that may take seconds. */
const probe = `import importlib.util as u, platform, sys
print(platform.python_version(), *[m for m in sys.argv[1:] if u.find_spec(m) is None])`;

/** Time limit of the probe in milliseconds. */
const patience = 30_000;

interface Seen {
  readonly python: string;
  /** Version of the interpreter; undefined if it does not run. */
  readonly version?: string;
  readonly missing: readonly string[];
}

/**
 * Finds a Python that has the modules: the one that is named, else the first of the usual ones.
 * @throws {Unavailable} naming what each interpreter lacks, and what to install.
 */
export async function findPython(modules: readonly string[], named?: string): Promise<string> {
  const seen: Seen[] = [];
  for (const python of named === undefined ? candidates : [named]) {
    const found = await look(python, modules);
    if (found.version !== undefined && found.missing.length === 0) return python;
    seen.push(found);
  }
  const running = seen.filter((s) => s.version !== undefined);
  if (running.length === 0) {
    const reason =
      named === undefined
        ? `no Python interpreter was found; tried ${candidates.join(', ')}`
        : `${named} cannot be run as a Python interpreter`;
    throw new Unavailable(reason, 'install Python 3.9 or newer, or name one with --python PATH');
  }
  // suggest the interpreter that lacks the fewest modules
  const best = running.reduce((a, b) => (b.missing.length < a.missing.length ? b : a));
  const reason = running.map((s) => `${s.python} (${s.version}) has no ${s.missing.join(', ')}`).join('; ');
  const install = `${best.python} -m pip install ${best.missing.map(packageOf).join(' ')}`;
  throw new Unavailable(reason, `${install}${named === undefined ? ', or name another Python with --python PATH' : ''}`);
}

async function look(python: string, modules: readonly string[]): Promise<Seen> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', probe, ...modules], { timeout: patience });
    const [version, ...missing] = stdout.trim().split(/\s+/);
    return { python, version, missing };
  } catch {
    return { python, missing: [] };
  }
}

/** Returns the name, with options, under which pip installs a module. */
function packageOf(module: string): string {
  const packages: Readonly<Record<string, string>> = {
    flash_attn: 'flash-attn --no-build-isolation',
    flash_attn_interface: 'git+https://github.com/Dao-AILab/flash-attention.git#subdirectory=hopper --no-build-isolation',
    transformer_engine: 'transformer_engine[pytorch] --no-build-isolation',
    paddle: 'paddlepaddle-gpu',
    flashinfer: 'flashinfer-python',
    ring_flash_attn: 'ring-flash-attn',
    magi_attention: 'git+https://github.com/SandAI-org/MagiAttention.git',
  };
  return packages[module] ?? module;
}
