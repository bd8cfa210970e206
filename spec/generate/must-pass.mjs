// Makes the frozen list of checks of the profiles that implementations claim.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { root } from './root.mjs';

/** Profiles with a list. */
const listed = ['core', 'training'];

/**
 * Returns the list of each profile, by its path. A list that is there keeps its checks for as long as its profile keeps its version: checks
 * that the suite has learned since wait for the next version.
 * @throws {Error} if a check of a list is planned no longer, which changes what the version means.
 */
export async function mustPassFiles() {
  const jiti = createJiti(import.meta.url);
  const { mustPassOf } = await jiti.import(join(root, 'suites/plan/must-pass.ts'));
  const paths = listed.map((name) => [name, `spec/must-pass/${name}.json`]);
  return paths.map(([name, path]) => {
    const frozen = existsSync(join(root, path)) ? JSON.parse(readFileSync(join(root, path), 'utf8')) : undefined;
    return [path, JSON.stringify({ $schema: '../schema/must-pass.schema.json', ...mustPassOf(name, frozen) })];
  });
}
