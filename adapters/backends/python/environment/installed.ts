import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const oldest = [3, 11];

const onPath = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3', 'python', '/usr/bin/python3'];

/** Returns commands that may start Python, with all versions of pyenv. */
function usualPythons(): string[] {
  const versions = join(process.env.PYENV_ROOT || join(homedir(), '.pyenv'), 'versions');
  const ofPyenv = existsSync(versions) ? readdirSync(versions).map((name) => join(versions, name, 'bin/python')) : [];
  return [...onPath, ...ofPyenv];
}

/** Returns the paths of installed interpreters that the lock supports, newest first. */
export function installedPythons(commands: readonly string[] = usualPythons()): string[] {
  const found = new Map<string, readonly number[]>();
  for (const command of commands) {
    const [path, ...version] = look(command);
    if (path !== undefined && compare(version.map(Number), oldest) >= 0) found.set(path, version.map(Number));
  }
  return [...found].sort(([, a], [, b]) => compare(b, a)).map(([path]) => path);
}

/** Returns path and version numbers; empty if the command fails or is no final CPython release. */
function look(command: string): string[] {
  const program =
    "import sys; v = sys.version_info; print(sys.executable, *v[:3], sep='\\n') if v.releaselevel == 'final' and sys.implementation.name == 'cpython' else None";
  const { status, stdout } = spawnSync(command, ['-c', program], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim().split(/\r?\n/) : [];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = b.findIndex((n, i) => n !== a[i]);
  return at < 0 ? 0 : a[at] - b[at];
}
