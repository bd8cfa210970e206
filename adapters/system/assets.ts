import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Returns a file of the package that is not JavaScript. */
export function asset(path: string): string {
  return join(packageFolder(), path);
}

/** Returns true inside the Python package, which has no backends. */
export function isPythonPackage(): boolean {
  return existsSync(asset('../pytest_plugin.py'));
}
