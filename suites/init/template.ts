import { constants, copyFileSync, existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asset } from '../../adapters/system/assets.js';
import { makeFolder } from '../../adapters/system/make-folder.js';
import { forFlag } from '../lib/files.js';
import { UsageError } from '../lib/usage-error.js';
import type { InitKindName } from './kinds.js';

/** Template and its target folder. */
export interface Placement {
  /** Kind of kernel, or `skill` for agents. */
  readonly kind: InitKindName | 'skill';
  readonly folder: string;
}

/** Names of a template's files. */
export function templateFiles(kind: Placement['kind']): string[] {
  const entries = readdirSync(asset(join('suites', 'init', 'templates', kind)), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

/**
 * Copies templates and returns the paths. @throws {UsageError} before writing, if a file exists.
 */
export function writeTemplates(placements: readonly Placement[]): string[] {
  const copies = placements.flatMap(({ kind, folder }) =>
    templateFiles(kind).map((file) => ({ from: asset(join('suites', 'init', 'templates', kind, file)), to: join(folder, file) })),
  );
  const taken = copies.find(({ to }) => existsSync(to));
  if (taken) throw new UsageError(`${taken.to} exists already, and init never overwrites a file: name another folder`);
  for (const { from, to } of copies) copy(from, to);
  return copies.map(({ to }) => to);
}

function copy(from: string, to: string): void {
  forFlag('init', () => {
    makeFolder(dirname(to));
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  });
}
