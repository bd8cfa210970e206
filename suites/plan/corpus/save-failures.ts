import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../../adapters/system/make-folder.js';
import type { CheckResult, Failure, Result } from '../../../spec/types/documents.js';
import { isUnexpected } from '../../lib/exit-code.js';
import { forFlag, readTextFor } from '../../lib/files.js';
import { writeAside } from '../../lib/write-aside.js';

/** Name of a failure's document: a hash, so the same failure always has the same name. */
export function corpusName({ adapter, check, class: failureClass, verdict, case: c }: Failure): string {
  const text = JSON.stringify([adapter.id, check, failureClass ?? verdict, c]);
  return `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`;
}

/** Copies documents of unexpected failures from `out` to `folder`. @returns the new names. */
export function saveFailures(folder: string, out: string, { checks }: Result): string[] {
  forFlag('--corpus', () => makeFolder(folder));
  const saved: string[] = [];
  for (const check of checks) {
    const path = documentOf(out, check);
    if (path === undefined) continue;
    const text = readTextFor('--out', path);
    const name = corpusName(JSON.parse(text) as Failure);
    if (existsSync(join(folder, name))) continue;
    writeAside('--corpus', join(folder, name), text);
    saved.push(name);
  }
  return saved;
}

function documentOf(out: string, check: CheckResult): string | undefined {
  if (check.verdict === 'pass' || !isUnexpected(check) || check.failure?.folder === undefined) return undefined;
  return join(out, check.failure.folder, 'failure.json');
}
