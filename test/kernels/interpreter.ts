import { spawnSync } from 'node:child_process';

/**
 * Path of the Python that a command starts, or undefined if it lacks one of the modules. Tests start it by that path: the launcher of
 * a version manager, which may stand first on the path, takes several times as long to start as Python itself.
 */
export function interpreterOf(command: string, ...modules: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, ['-c', `import ${['sys', ...modules].join(', ')}; print(sys.executable)`], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}
