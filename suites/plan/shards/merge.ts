import { isDeepStrictEqual } from 'node:util';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { AdapterResult, CheckResult, ProfileTally, Result } from '../../../spec/types/documents.js';
import { type PlanShard, parseShard } from './shard.js';

/** Result document and its name in messages. */
export interface NamedResult {
  readonly document: string;
  readonly result: Result;
}

interface Part extends NamedResult {
  readonly shard: PlanShard;
  readonly places: readonly number[];
}

/**
 * Merges the results of all shards into the result of the whole plan.
 * @throws {DocumentError} if a result is no shard, of another plan, duplicate, overlapping or
 * missing.
 */
export function mergeResults(results: readonly NamedResult[]): Result {
  const parts = results.map(partOf);
  const [first, ...rest] = parts;
  for (const part of rest) requireSamePlan(first, part);
  requireAllShards(parts);
  const checks = joinChecks(parts);
  return {
    ...first.result,
    plan: {
      hash: first.result.plan.hash,
      runs: first.result.plan.runs,
      ...(first.result.plan.whole && { whole: first.result.plan.whole }),
      shard: null,
    },
    started: parts.map(({ result }) => result.started).sort()[0],
    checks,
    profiles: sumTallies(parts.map(({ result }) => result.profiles)),
    complete: true,
  };
}

function partOf({ document, result }: NamedResult): Part {
  const { shard: label, places, checks } = result.plan;
  const shard = label === null ? undefined : parseShard(label);
  if (!shard)
    throw new DocumentError(document, '$.plan.shard', `found ${JSON.stringify(label)}, must be a shard such as "1/3": run with --shard`);
  if (places?.length !== result.checks.length || checks === undefined) {
    throw new DocumentError(document, '$.plan.places', 'must hold the position of each check in the whole plan');
  }
  return { document, result, shard, places };
}

/** @throws {DocumentError} if a value differs that must be equal in both parts. */
function requireSamePlan(a: Part, b: Part): void {
  const same = (path: string, what: string, x: unknown, y: unknown) => {
    if (isDeepStrictEqual(x, y)) return;
    throw new DocumentError(b.document, path, `found ${JSON.stringify(y)}, but ${a.document} has ${JSON.stringify(x)}: ${what}`);
  };
  same('$.suite', 'all shards must come from one version of attention-cts', a.result.suite, b.result.suite);
  same('$.spec', 'all shards must be judged by the same spec documents', a.result.spec, b.result.spec);
  same('$.seed', 'all shards must have the same seed', a.result.seed, b.result.seed);
  for (const [i, { id, speed }] of b.result.adapters.entries()) {
    const other = a.result.adapters.find((adapter) => adapter.id === id);
    if (other) same(`$.adapters[${i}].speed`, 'all shards must draw cases by the same --speed', other.speed, speed);
  }
  same('$.plan.hash', 'all shards must have the same plan: adapters, profiles, filters and flags', a.result.plan.hash, b.result.plan.hash);
  same('$.plan.runs', 'all shards must have the same number of cases per check', a.result.plan.runs, b.result.plan.runs);
  same('$.plan.shard', 'all shards must belong to one division of the plan', a.shard.count, b.shard.count);
  same('$.plan.costs', 'all shards must be divided by the same cost table', a.result.plan.costs, b.result.plan.costs);
  same('$.plan.checks', 'all shards must have the same plan', a.result.plan.checks, b.result.plan.checks);
  requireSameAdapters(a, b);
}

function requireSameAdapters(a: Part, b: Part): void {
  const ids = (part: Part) => part.result.adapters.map(({ id }) => id).join(', ');
  if (ids(a) !== ids(b)) throw new DocumentError(b.document, '$.adapters', `found ${ids(b)}, but ${a.document} has ${ids(a)}`);
  for (const [i, adapter] of a.result.adapters.entries()) {
    const key = differing(adapter, b.result.adapters[i]);
    if (key === undefined) continue;
    const [x, y] = [adapter[key], b.result.adapters[i][key]].map((value) => JSON.stringify(value));
    const problem = `found ${y}, but ${a.document} has ${x}: all shards must be judged on machines of one kind`;
    throw new DocumentError(b.document, `$.adapters[${i}].${key}`, problem);
  }
}

function differing(a: AdapterResult, b: AdapterResult): keyof AdapterResult | undefined {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof AdapterResult)[];
  return keys.find((key) => !isDeepStrictEqual(a[key], b[key]));
}

function requireAllShards(parts: readonly Part[]): void {
  const [{ shard, document }] = parts;
  const byIndex = new Map<number, Part>();
  for (const part of parts) {
    const other = byIndex.get(part.shard.index);
    if (other)
      throw new DocumentError(part.document, '$.plan.shard', `found "${part.result.plan.shard}", but ${other.document} is this shard too`);
    byIndex.set(part.shard.index, part);
  }
  const missing = Array.from({ length: shard.count }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    const labels = missing.map((index) => `${index}/${shard.count}`).join(', ');
    throw new DocumentError(document, '$.plan.shard', `found shards of ${shard.count}, but not ${labels}: give its result too`);
  }
}

function joinChecks(parts: readonly Part[]): CheckResult[] {
  const total = parts[0].result.plan.checks as number;
  const found = new Map<number, { readonly part: Part; readonly check: CheckResult }>();
  for (const part of parts) {
    for (const [i, place] of part.places.entries()) {
      const other = found.get(place);
      if (other) throw new DocumentError(part.document, `$.plan.places[${i}]`, `found ${place}, which ${other.part.document} has too`);
      if (place >= total) throw new DocumentError(part.document, `$.plan.places[${i}]`, `found ${place} in a plan of ${total} checks`);
      found.set(place, { part, check: part.result.checks[i] });
    }
  }
  if (found.size < total) {
    throw new DocumentError(parts[0].document, '$.plan.checks', `found ${total}, but these shards have ${found.size} checks together`);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, { check }]) => check);
}

function sumTallies([first, ...rest]: readonly (readonly ProfileTally[])[]): ProfileTally[] {
  return first.map((tally) => {
    const sum = { ...tally } as Record<string, string | number>;
    for (const other of rest.flat()) {
      if (other.name !== tally.name || other.adapter !== tally.adapter) continue;
      for (const [key, count] of Object.entries(other)) if (typeof count === 'number') sum[key] = Number(sum[key] ?? 0) + count;
    }
    return sum as unknown as ProfileTally;
  });
}
