import { InvalidArgumentError } from 'commander';
import { type PlanShard, parseShard } from '../plan/shards/shard.js';

function fail(found: string, allowed: string): never {
  throw new InvalidArgumentError(`found "${found}", must be ${allowed}`);
}

/** Parses a whole number of at least 1. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(value) && value >= 1 ? value : fail(text, 'a whole number of at least 1');
}

/** Parses the number of keys of a long case, with K and M for powers of two. */
export function tokens(text: string): number {
  const value = count(text);
  return value >= 1024 && value <= 2 ** 24 ? value : fail(text, 'a whole number from 1024 to 16M, such as 99866 or 128K');
}

/** Parses a port. */
export function port(text: string): number {
  const value = Number(text);
  return /^\d+$/.test(text) && value <= 65535 ? value : fail(text, 'a whole number from 0 (any free port) to 65535');
}

/** Parses a number of seconds above 0. */
export function seconds(text: string): number {
  const value = Number(text);
  return /^(\d+\.?\d*|\.\d+)$/.test(text) && value > 0 && Number.isFinite(value) ? value : fail(text, 'a number of seconds above 0');
}

/** Parses a 32-bit unsigned seed, or `random`. */
export function seed(text: string): number | 'random' {
  if (text === 'random') return text;
  const value = Number(text);
  return /^\d+$/.test(text) && value <= 0xffffffff ? value : fail(text, 'a whole number from 0 to 4294967295, or "random"');
}

/** Parses a part of a plan, e.g. 2/3. */
export function shard(text: string): PlanShard {
  return parseShard(text) ?? fail(text, 'i/n: the i-th of n parts, such as 2/3, n at most 999');
}

/** Parses numbers of ranks, separated by commas; repeatable. */
export function ranks(text: string, previous: readonly number[] | undefined): number[] {
  const found = text.split(',').map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : NaN));
  if (found.some((n) => !(n >= 1 && n <= 64))) fail(text, 'whole numbers from 1 to 64, separated by commas');
  return [...(previous ?? []), ...found];
}

/** Parses counts separated by commas, with K and M for powers of two; repeatable. */
export function counts(text: string, previous: readonly number[] | undefined): number[] {
  const found = text.split(',').map(count);
  if (found.some(Number.isNaN)) fail(text, 'whole numbers of at least 1, separated by commas, such as 65536, 64K or 1M');
  return [...(previous ?? []), ...found];
}

function count(text: string): number {
  const [, digits, unit = ''] = /^\s*(\d+)([KM]?)\s*$/i.exec(text) ?? [];
  const value = Number(digits) * { '': 1, K: 2 ** 10, M: 2 ** 20 }[unit.toUpperCase() as '' | 'K' | 'M'];
  return Number.isSafeInteger(value) && value >= 1 ? value : Number.NaN;
}

/** Parses a parameter with values, e.g. left=128,1K; repeatable. */
export function parameters(
  text: string,
  previous: Readonly<Record<string, readonly (number | string)[]>> | undefined,
): Record<string, readonly (number | string)[]> {
  const [, name, list] =
    /^([A-Za-z][A-Za-z0-9-]*)=(.+)$/.exec(text) ?? fail(text, 'a name, "=" and values, separated by commas, such as left=128,1K');
  const values = list.split(',').map((part) => part.trim());
  if (values.includes('')) fail(text, 'a name, "=" and values, separated by commas, such as left=128,1K');
  return { ...previous, [name]: [...(previous?.[name] ?? []), ...values.map(parameterValue)] };
}

function parameterValue(text: string): number | string {
  const counted = count(text);
  if (!Number.isNaN(counted)) return counted;
  return /^-?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
}

/** Parses names separated by commas; repeatable. */
export function names(text: string, previous: readonly string[] | undefined): string[] {
  const found = text.split(',').map((name) => name.trim());
  if (found.includes('')) fail(text, 'names, separated by commas');
  return [...(previous ?? []), ...found];
}

/** Collects the values of a repeatable flag. */
export function collect(text: string, previous: readonly string[] | undefined): string[] {
  if (text === '') fail(text, 'a text');
  return [...(previous ?? []), text];
}
