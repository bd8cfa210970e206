import { fileURLToPath } from 'node:url';

/**
 * The compiled JavaScript of a process or worker of the runner. Child processes and worker threads start from JavaScript:
 * where the runner itself runs from TypeScript (under vitest), they start from `dist`, which must have been built.
 */
export function compiledEntry(name: string): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../dist/suites/runner/' : './';
  return fileURLToPath(new URL(`${folder}${name}.js`, import.meta.url));
}
