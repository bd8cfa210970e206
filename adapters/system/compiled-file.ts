import { asset } from './assets.js';

/** Returns a file of the build in `dist`, for worker threads and child processes. */
export function compiledFile(path: string): string {
  return asset(`dist/${path}`);
}
