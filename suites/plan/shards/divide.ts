import { hashText } from '../../../generators/lib/seeds.js';
import type { Costs } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import { costLookup } from './cost-table.js';
import type { PlanShard } from './shard.js';

/**
 * Returns the plan indices of a shard's checks, in order. The longest checks are assigned first,
 * each to the least loaded shard (Graham, Bounds on multiprocessing timing anomalies, 1969). A hash
 * breaks ties, which spreads similar checks.
 */
export function placesOf(checks: readonly Check[], { index, count }: PlanShard, table: Costs | undefined): number[] {
  const costs = costsOfPlan(checks, table);
  const hashes = checks.map((c) => hashText(0, `${c.adapter}::${c.id}`));
  const order = checks.map((_, place) => place).sort((a, b) => costs[b] - costs[a] || hashes[a] - hashes[b] || a - b);
  const load = new Array<number>(count).fill(0);
  const places: number[] = [];
  for (const place of order) {
    const least = load.indexOf(Math.min(...load));
    load[least] += costs[place];
    if (least === index - 1) places.push(place);
  }
  return places.sort((a, b) => a - b);
}

/**
 * Cost of each check in milliseconds, or in cases without a table. A check missing from the table
 * costs the table's mean per case times its cases.
 */
function costsOfPlan(checks: readonly Check[], table: Costs | undefined): number[] {
  const costOf = table ? costLookup(table) : () => undefined;
  const known = checks.map((c) => (c.unsupported === undefined ? costOf(`${c.adapter}::${c.id}`) : 0));
  let [milliseconds, cases] = [0, 0];
  for (const [i, cost] of known.entries()) {
    if (cost === undefined) continue;
    milliseconds += cost;
    cases += checks[i].cases;
  }
  const each = milliseconds > 0 && cases > 0 ? milliseconds / cases : 1;
  return checks.map((c, i) => known[i] ?? c.cases * each);
}
