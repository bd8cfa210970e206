import { fileURLToPath } from 'node:url';

/**
 * The compiled JavaScript of a source file, such as adapters/parallel/job/rank-worker.js. Worker threads and child processes start from
 * JavaScript: where this module itself runs from TypeScript, they start from `dist`, which must have been built.
 */
export function compiledFile(path: string): string {
  const root = import.meta.url.endsWith('.ts') ? '../../dist/' : '../../';
  return fileURLToPath(new URL(`${root}${path}`, import.meta.url));
}
