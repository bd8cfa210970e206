import { availableParallelism } from 'node:os';
import { mutants } from '../../dist/adapters/mutants/index.js';
import { power } from '../../dist/suites/power/power.js';

/** Classes whose faults show whatever the values are. */
const whateverTheValues = ['Causal', 'Window', 'Mask', 'Strides', 'Tails', 'Dv ≠ D', 'Head sharing', 'Packed sequences', 'Cache and pages'];

/** Each fault is looked for by one property: two of them have two smallest cases. */
const properties = ['oracle', 'cache-history'];

const SEARCHES = 12;
/** Of the searches for one fault, how many must end in one and the same case. */
const ALIKE = 10;
/** The reference kernel's tile of keys, and one more. */
const LARGEST = 16 + 1;

/** Twelve searches for each fault that does not depend on data: where do they end? @returns what is wrong, in words. */
export async function minimalCases(ids: readonly string[] = []): Promise<string[]> {
  const wrong: string[] = [];
  const chosen = mutants.filter(
    (m) => m.equivalent === undefined && (ids.length > 0 ? ids.includes(m.id) : whateverTheValues.includes(m.class)),
  );
  const ends = new Map<string, Map<string, number>>(chosen.map(({ id }) => [id, new Map()]));
  const largest = new Map<string, number>();
  for (let seed = 0; seed < SEARCHES; seed++) {
    for (const { id, kill } of await power({ mutants: chosen, seed, runs: 50, jobs: availableParallelism(), properties }, () => {})) {
      if (!kill) continue;
      const text = JSON.stringify(kill.case);
      const counts = ends.get(id) as Map<string, number>;
      counts.set(text, (counts.get(text) ?? 0) + 1);
      largest.set(id, Math.max(largest.get(id) ?? 0, ...Object.values(kill.case.dims)));
    }
  }
  for (const { id } of chosen) {
    const counts = [...(ends.get(id) as Map<string, number>)].sort(([, a], [, b]) => b - a);
    const [most] = counts;
    console.log(`  ${id}: ${most?.[1] ?? 0} of ${SEARCHES} end in ${most?.[0] ?? 'none'}; largest dimension ${largest.get(id)}`);
    for (const [text, count] of counts.slice(1)) console.log(`      ${count}: ${text}`);
    if (!most || most[1] < ALIKE) wrong.push(`${id}: ${most?.[1] ?? 0} of ${SEARCHES} searches end alike`);
    if ((largest.get(id) ?? 0) > LARGEST) wrong.push(`${id}: a dimension of ${largest.get(id)} is kept`);
  }
  return wrong;
}
