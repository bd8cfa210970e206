import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { parseDocument } from '../../../spec/lib/documents.js';
import type { CheckResult, Costs, Result } from '../../../spec/types/documents.js';
import { readTextFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { writeAside } from '../../lib/write-aside.js';
import { globMatcher } from '../check-glob.js';

/** @throws {UsageError} if the file is missing. @throws {DocumentError} if it is no cost table. */
export function readCosts(file: string): Costs {
  if (!existsSync(file)) throw new UsageError(`--costs: no such file: ${file}; npx attention-cts run --write-costs writes one`);
  return parseDocument('costs', readTextFor('--costs', file), file);
}

/** Returns the milliseconds of each judged check, by name. */
export function costsOf(checks: readonly CheckResult[]): Costs {
  const judged = checks.filter((c) => c.cases > 0).map((c) => [`${c.adapter}::${c.id}`, c.milliseconds] as const);
  return {
    format: 1,
    costs: Object.fromEntries(judged.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

export function writeCosts(file: string, { checks }: Pick<Result, 'checks'>): void {
  writeAside('--write-costs', file, `${JSON.stringify(costsOf(checks), null, 2)}\n`);
}

/** Hash of a cost table: tables of equal hash divide a plan alike. */
export function hashOfCosts({ costs }: Costs): string {
  return createHash('sha256').update(JSON.stringify(costs)).digest('hex').slice(0, 16);
}

/** Looks up the milliseconds of adapter::id: first by exact name, then by glob. */
export function costLookup({ costs }: Costs): (name: string) => number | undefined {
  const globs = Object.keys(costs)
    .filter((key) => /[*?{]/.test(key))
    .map((key) => ({ matches: globMatcher(key), cost: costs[key] }));
  return (name) => (Object.hasOwn(costs, name) ? costs[name] : globs.find(({ matches }) => matches(name))?.cost);
}
