import { existsSync } from 'node:fs';
import { type Dialect, dialectAxes } from '../spec/dialect.js';
import { DocumentError } from '../spec/lib/documents.js';
import { parseJson } from '../spec/lib/json.js';
import { nearest } from '../spec/lib/nearest.js';
import { readTextFor } from './lib/files.js';
import { UsageError } from './lib/usage-error.js';

/** Reads flags AXIS=VALUE, or JSON files of axes. @throws {UsageError} @throws {DocumentError} */
export function readDialectFlags(flags: readonly string[]): Dialect {
  return Object.assign({}, ...flags.map((flag) => (flag.includes('=') && !existsSync(flag) ? parseAxis(flag) : readDialectFile(flag))));
}

function parseAxis(flag: string): Dialect {
  const [axis, value] = [flag.slice(0, flag.indexOf('=')), flag.slice(flag.indexOf('=') + 1)];
  const fault = faultOf(axis, value);
  if (fault) throw new UsageError(`--dialect: ${fault}`);
  return { [axis]: value };
}

function readDialectFile(file: string): Dialect {
  if (!existsSync(file))
    throw new UsageError(`--dialect: found "${file}", must be AXIS=VALUE, such as causal=top-left, or a JSON file of axes`);
  const value = parseJson(readTextFor('--dialect', file), file);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DocumentError(file, '$', 'must be an object of axes and values');
  for (const [axis, choice] of Object.entries(value)) {
    const fault = faultOf(axis, choice);
    if (fault) throw new DocumentError(file, `$.${axis}`, fault);
  }
  return value as Dialect;
}

function faultOf(axis: string, value: unknown): string | undefined {
  const known: Record<string, readonly string[]> = dialectAxes;
  if (!Object.hasOwn(known, axis)) return `unknown axis "${axis}"; the nearest are ${nearest(axis, Object.keys(known)).join(', ')}`;
  return known[axis].includes(value as string)
    ? undefined
    : `found ${JSON.stringify(value)} for ${axis}, allowed: ${known[axis].join(', ')}`;
}
