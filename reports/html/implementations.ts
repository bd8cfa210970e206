import { deviations } from '../../spec/dialect.js';
import type { AdapterResult, CheckResult, Dialect, ProfileTally, Result } from '../../spec/types/documents.js';
import { type PackedChecks, packVerdicts } from './pack-checks.js';
import type { ImplementationData } from './site-data.js';
import type { ResultSource } from './source.js';
import type { StringTable } from './string-table.js';

/** Adapter of one of the results, with its checks by id. */
export interface Implementation {
  readonly key: string;
  readonly run: number;
  readonly adapter: AdapterResult;
  readonly checks: ReadonlyMap<string, CheckResult>;
  readonly result: Result;
}

/** All adapters of all results. The key of each is its id; the version, and then a number, is added if two would have the same key. */
export function implementationsOf(sources: readonly ResultSource[]): Implementation[] {
  const all = sources.flatMap(({ result }, run) => {
    const checks = new Map(result.adapters.map(({ id }) => [id, new Map<string, CheckResult>()]));
    for (const check of result.checks) checks.get(check.adapter)?.set(check.id, check);
    return result.adapters.map((adapter) => ({ run, result, adapter, checks: checks.get(adapter.id) ?? new Map<string, CheckResult>() }));
  });
  const ids = counted(all.map(({ adapter }) => adapter.id));
  const named = all.map(({ adapter: { id, version } }) => ((ids.get(id) ?? 0) > 1 && version !== null ? `${id}@${version}` : id));
  const seen = new Map<string, number>();
  return all.map((one, i) => {
    const time = (seen.get(named[i]) ?? 0) + 1;
    seen.set(named[i], time);
    return { ...one, key: time > 1 ? `${named[i]}#${time}` : named[i] };
  });
}

export function packImplementation(
  { key, run, adapter, checks, result }: Implementation,
  ids: readonly string[],
  strings: StringTable,
): ImplementationData {
  const packed: PackedChecks = packVerdicts(ids, checks, strings);
  const odd = deviations(Object.fromEntries(Object.entries(adapter.dialect).map(([axis, { value }]) => [axis, value])) as Dialect);
  return {
    key,
    run,
    adapter: adapter.id,
    title: adapter.title,
    version: adapter.version,
    device: deviceOf(adapter.environment),
    environment: adapter.environment,
    dialect: Object.fromEntries(
      Object.entries(adapter.dialect).map(([axis, entry]) => [axis, { ...entry, deviates: Object.hasOwn(odd, axis) }]),
    ),
    ...(adapter.unavailable && { unavailable: adapter.unavailable }),
    tallies: result.profiles.filter((p) => p.adapter === adapter.id).map(tallyOf),
    ...packed,
  };
}

function tallyOf({ name, adapter: _, ...verdicts }: ProfileTally): ImplementationData['tallies'][number] {
  return { profile: name, verdicts };
}

/** Device of an adapter: the first of these keys that its environment has, or cpu. */
function deviceOf(environment: Readonly<Record<string, string>>): string {
  const named = ['device', 'provider', 'backend', 'cpu'].filter((key) => Object.hasOwn(environment, key));
  return named.length > 0 ? environment[named[0]] : 'cpu';
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
