import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { findPython } from '../../../../adapters/backends/python/interpreter.js';
import type { Backend } from '../../../backend.js';
import { interpreterOf } from '../../../kernels/interpreter.js';

/** Interpreters that a test file of this process has found, by their modules: to ask all that are on the path takes half a second. */
const ofProcess = globalThis as { attnCtsPythons?: Map<string, Promise<string>> };
const found = ofProcess.attnCtsPythons ?? new Map<string, Promise<string>>();
ofProcess.attnCtsPythons = found;

/** A Python of this machine that has the modules, or why there is none. */
export async function pythonWith(...modules: string[]): Promise<Backend & { readonly python: string }> {
  const key = modules.join();
  const python = found.get(key) ?? findPython(modules).then((path) => interpreterOf(path) ?? path);
  found.set(key, python);
  try {
    return { python: await python };
  } catch (error) {
    const why = (error as Error).message;
    if (process.env.ATTN_REQUIRE_BACKENDS === '1') throw new Error(`a Python with ${modules.join(', ')} must be on this machine: ${why}`);
    return { python: 'python3', missing: why };
  }
}

/** Program of the built suite. */
export const suite = fileURLToPath(new URL('../../../../dist/suites/cli/main.js', import.meta.url));

/**
 * Runs tests of pytest in a folder here, and requires that they pass.
 * @param least number of tests that must have passed.
 */
export function expectPytest(python: string, folder: string, files: readonly string[], least = 1): void {
  const { status, stdout, stderr } = spawnSync(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...files], {
    cwd: fileURLToPath(new URL(folder, import.meta.url)),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ATTN_CTS: `"${process.execPath}" "${suite}"` },
    encoding: 'utf8',
  });
  expect(status, stdout + stderr).toBe(0);
  expect(Number(/(\d+) passed/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(least);
}
