import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder, whether this module runs as source, compiled or bundled. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** A file of the package that is not JavaScript, such as adapters/backends/python/attn_cts.py. */
export function asset(path: string): string {
  return join(packageFolder(), path);
}

/** True if this runs from the Python package, which brings no backends. */
export function isPythonPackage(): boolean {
  return existsSync(asset('../pytest_plugin.py'));
}
