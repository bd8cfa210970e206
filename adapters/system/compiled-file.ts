import { asset } from './assets.js';

/**
 * A file that the build makes, such as adapters/ranks/rank-worker.js. Worker threads and child processes start from it, even
 * where this module itself runs from TypeScript: `dist` must have been built.
 */
export function compiledFile(path: string): string {
  return asset(`dist/${path}`);
}
