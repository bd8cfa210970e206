import { diffResults } from '../../reports/diff/diff.js';
import type { Check } from '../../suites/contract/check.js';
import { costsOf } from '../../suites/plan/shards/cost-table.js';
import { placesOf } from '../../suites/plan/shards/divide.js';
import { mergeResults } from '../../suites/plan/shards/merge.js';
import { largeResult } from './reports.js';

/** Comparing, dividing and joining results of 20 adapters × 2,000 checks. */
export async function benchGate(): Promise<void> {
  const result = largeResult();
  const checks = result.checks.map(({ id, adapter, cases }) => ({ id, adapter, cases })) as Check[];
  const shards = [1, 2, 3].map((index) => ({ index, count: 3 }));
  const costs = costsOf(result.checks);
  const diff = timed(() => diffResults(result, largeResult()));
  const divide = timed(() => placesOf(checks, shards[0], costs));
  const parts = shards.map((shard) => {
    const places = placesOf(checks, shard, costs);
    const plan = { ...result.plan, shard: `${shard.index}/3`, checks: checks.length, places };
    return { document: `${shard.index}`, result: { ...result, plan, checks: places.map((place) => result.checks[place]) } };
  });
  const merge = timed(() => mergeResults(parts));
  console.log(`gate over ${checks.length} checks: diff ${diff} ms, one shard of three ${divide} ms, three merged ${merge} ms`);
}

function timed(work: () => unknown): number {
  const begun = performance.now();
  work();
  return Math.round(performance.now() - begun);
}
