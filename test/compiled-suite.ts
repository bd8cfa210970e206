import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * The vite plugin that resolves what tests import of the suite to its compiled modules, which Node loads as they are: what the test runner
 * transforms is loaded slowly, and runs at half the speed, because each use of an imported name asks an object for it.
 */
export const compiledSuite = {
  name: 'compiled-suite',
  enforce: 'pre' as const,
  resolveId(source: string, importer: string | undefined): string | undefined {
    if (!importer || !/^\.\.?\/.*\.js$/.test(source)) return undefined;
    const path = relative(root, resolve(dirname(importer), source));
    if (!/^(spec|generators|adapters|suites|reports)[\\/]/.test(path)) return undefined;
    const file = join(root, 'dist', path);
    return existsSync(file) ? file : undefined;
  },
};

/** The pattern of the modules that vitest leaves to Node. */
export const external = [/\/dist\//];
