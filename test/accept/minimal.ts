import { availableParallelism } from 'node:os';
import { mutants } from '../../dist/adapters/controls/mutants/index.js';
import type { MutantResult } from '../../dist/suites/power/judge-mutant.js';
import { power } from '../../dist/suites/power/power.js';

/** Classes of faults that are visible whatever the values are. */
const whateverTheValues = ['Causal', 'Window', 'Mask', 'Tails', 'Dv ≠ D', 'Head sharing', 'Packed sequences', 'Cache and pages'];

/** Faults of those classes that do depend on values: on those behind the last key, on keys that are alike, or on how sums round. */
const byTheValues = [
  'fork-keeps-parents-keys',
  'pages-in-memory-order',
  'appended-one-further',
  'one-key-too-many',
  'capacity-as-length',
  'last-page-to-its-end',
  'length-of-first-entry',
];

const SEARCHES = 12;
/** Number of the searches for one fault that must end in the same case. */
const ALIKE = 10;
/** Largest dimension of a minimal case: the reference kernel's tile of 16 keys, and one more. */
const LARGEST = 16 + 1;
/** Largest dimension that is allowed for a fault that has no effect below some size. */
const needed: Readonly<Record<string, number>> = { 'last-key-lost-when-long': 1000 };
const jobs = availableParallelism();

/**
 * Searches twelve times for each fault that does not depend on values, with the check that finds it first. Only failures of the first class
 * found count, because shrinking keeps the class. The searches must end in the same, small case. @returns descriptions of what is wrong.
 */
export async function minimalCases(ids: readonly string[] = []): Promise<string[]> {
  const chosen = mutants.filter(
    (m) =>
      m.equivalent === undefined &&
      (ids.length > 0 ? ids.includes(m.id) : whateverTheValues.includes(m.class) && !byTheValues.includes(m.id)),
  );
  const searches = await power({ mutants: chosen, seed: 0, runs: 50, jobs }, () => {});
  const wrong: string[] = [];
  for (const first of searches) {
    if (first.kill) wrong.push(...(await searchAgain(first.id, first.kill)));
  }
  return wrong;
}

async function searchAgain(id: string, first: NonNullable<MutantResult['kill']>): Promise<string[]> {
  const { check } = first;
  const ends = new Map<string, number>();
  let largest = 0;
  let found = 0;
  for (let seed = 0; found < SEARCHES && seed < 4 * SEARCHES; seed++) {
    const [{ kill }] = await power({ mutants: [{ id }], seed, runs: 50, jobs: 1, filter: [check] }, () => {});
    if (!kill || kill.class !== first.class) continue;
    found++;
    const text = JSON.stringify(kill.case);
    ends.set(text, (ends.get(text) ?? 0) + 1);
    largest = Math.max(largest, ...Object.values(kill.case.dims));
  }
  const [[text, most], ...others] = [...ends].sort(([, a], [, b]) => b - a);
  console.log(`  ${id}, ${check}: ${most} of ${found} end in ${text}; largest dimension ${largest}`);
  for (const [other, count] of others) console.log(`      ${count}: ${other}`);
  return [
    ...(most * SEARCHES < ALIKE * found ? [`${id}: ${most} of ${found} searches end alike`] : []),
    ...(largest > (needed[id] ?? LARGEST) ? [`${id}: a dimension of ${largest} is kept`] : []),
  ];
}
