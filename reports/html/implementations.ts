import { deviations } from '../../spec/dialect.js';
import type { AdapterResult, CheckResult, Dialect, ProfileTally, Result } from '../../spec/types/documents.js';
import { badgeOf } from '../badges/badge.js';
import { fileNames } from '../badges/file-names.js';
import { withSharedHints } from '../result/explanations.js';
import { mustPassTally } from '../result/must-pass.js';
import { groupBy } from '../result/result.js';
import { versionOf } from '../result/version-of.js';
import { packVerdicts } from './pack-checks.js';
import type { ImplementationData, ProfileData } from './site-data.js';
import type { ResultSource } from './source.js';

/** Adapter of a result, with its checks by id. */
export interface Implementation {
  readonly key: string;
  readonly run: number;
  readonly adapter: AdapterResult;
  readonly checks: ReadonlyMap<string, CheckResult>;
  readonly result: Result;
  /** File that separates it from another implementation with its id and version. */
  readonly file?: string;
}

/** Returns all adapters of all results, with unique keys of id, version, file and number. */
export function implementationsOf(sources: readonly ResultSource[]): Implementation[] {
  const all = sources.flatMap(({ result, file }, run) => {
    const checks = new Map(result.adapters.map(({ id }) => [id, new Map<string, CheckResult>()]));
    for (const check of withSharedHints(result.checks)) checks.get(check.adapter)?.set(check.id, check);
    return result.adapters.map((adapter) => ({
      run,
      result,
      adapter,
      named: file,
      checks: checks.get(adapter.id) ?? new Map<string, CheckResult>(),
    }));
  });
  const ids = counted(all.map(({ adapter }) => adapter.id));
  const named = all.map(({ adapter }) => {
    const version = versionOf(adapter);
    return (ids.get(adapter.id) ?? 0) > 1 && version !== null ? `${adapter.id}@${version}` : adapter.id;
  });
  const files = new Map<(typeof all)[number], string>();
  for (const same of groupBy(all, (one) => named[all.indexOf(one)]).values()) {
    for (const [i, file] of tellingFiles(same).entries()) if (file !== undefined) files.set(same[i], file);
  }
  const seen = new Map<string, number>();
  return all.map((one, i) => {
    const { named: _, ...rest } = one;
    const file = files.get(one);
    const name = file === undefined ? named[i] : `${named[i]} (${file})`;
    const time = (seen.get(name) ?? 0) + 1;
    seen.set(name, time);
    return { ...rest, key: time > 1 ? `${name}#${time}` : name, ...(file !== undefined && { file }) };
  });
}

/** Returns files that distinguish equal names: kernels if all differ, or else results. */
function tellingFiles(same: readonly { readonly adapter: AdapterResult; readonly named: string }[]): (string | undefined)[] {
  if (same.length === 1 || same.some(({ adapter }) => adapter.unavailable)) return same.map(() => undefined);
  const kernels = same.map(({ adapter }) => adapter.capabilities?.source ?? '');
  for (const names of [kernels, same.map(({ named }) => named)])
    if (new Set(names).size === same.length && !names.includes('')) return shortened(names);
  return same.map(() => undefined);
}

/** Drops leading folders and file names that all paths share. */
function shortened(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split('/'));
  const agree = (at: (path: readonly string[]) => string | undefined) =>
    parts.every((path) => path.length > 1 && at(path) === at(parts[0]));
  while (agree((path) => path[0])) for (const path of parts) path.shift();
  while (agree((path) => path[path.length - 1])) for (const path of parts) path.pop();
  return parts.map((path) => path.join('/'));
}

/** Packs an implementation for the first page of the site. */
export function packImplementation(
  { key, run, adapter, checks, result, file }: Implementation,
  ids: readonly string[],
  badgeFiles: ReadonlyMap<ProfileTally, string>,
): Omit<ImplementationData, 'alone' | 'causes' | 'worst'> {
  const odd = deviations(Object.fromEntries(Object.entries(adapter.dialect).map(([axis, { value }]) => [axis, value])) as Dialect);
  return {
    key,
    run,
    adapter: adapter.id,
    title: adapter.title,
    version: versionOf(adapter),
    device: deviceOf(adapter.environment),
    ...(file !== undefined && { file }),
    dialect: Object.fromEntries(
      Object.entries(adapter.dialect).map(([axis, entry]) => [axis, { ...entry, deviates: Object.hasOwn(odd, axis) }]),
    ),
    ...(adapter.unavailable && { unavailable: adapter.unavailable }),
    profiles: result.profiles.filter((p) => p.adapter === adapter.id).map((tally) => profileData(tally, result, badgeFiles.get(tally))),
    verdicts: packVerdicts(ids, checks),
  };
}

/** Names the badges of all judged tallies, without file ending. */
export function badgeFilesOf(implementations: readonly Implementation[]): Map<ProfileTally, string> {
  const tallies = implementations.flatMap(({ key, adapter, result }) =>
    result.profiles.flatMap((tally) => (tally.adapter === adapter.id && judgedOf(tally) > 0 ? [{ key, tally }] : [])),
  );
  const names = fileNames(tallies.map(({ key, tally }) => `${key}-${tally.name}`));
  return new Map(tallies.map(({ tally }, i) => [tally, names[i]]));
}

function judgedOf({ pass = 0, fail = 0, crash = 0, timeout = 0 }: ProfileTally): number {
  return pass + fail + crash + timeout;
}

function profileData(tally: ProfileTally, result: Result, file: string | undefined): ProfileData {
  const { name, adapter, ...verdicts } = tally;
  const mustPass = mustPassTally(result, adapter, name);
  return { name, verdicts, ...(mustPass && { mustPass }), ...(file !== undefined && { badge: { ...badgeOf(tally, mustPass), file } }) };
}

/** Returns an adapter's device: the first of these environment keys, or cpu. */
function deviceOf(environment: Readonly<Record<string, string>>): string {
  const named = ['device', 'provider', 'backend', 'cpu'].filter((key) => Object.hasOwn(environment, key));
  return named.length > 0 ? environment[named[0]] : 'cpu';
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
