import { availableParallelism } from 'node:os';
import { mutants } from '../../dist/adapters/controls/mutants/index.js';
import type { MutantResult } from '../../dist/suites/power/judge-mutant.js';
import { power } from '../../dist/suites/power/power.js';

/** Classes whose faults show whatever the values are. */
const whateverTheValues = ['Causal', 'Window', 'Mask', 'Tails', 'Dv ≠ D', 'Head sharing', 'Packed sequences', 'Cache and pages'];

/** Of those classes, what shows by the values that lie behind the last key, or by how sums round. */
const byTheValues = [
  'pages-in-memory-order',
  'appended-one-further',
  'one-key-too-many',
  'capacity-as-length',
  'last-page-to-its-end',
  'length-of-first-entry',
];

const SEARCHES = 12;
/** Of the searches for one fault, how many must end in one and the same case. */
const ALIKE = 10;
/** The reference kernel's tile of keys, and one more. */
const LARGEST = 16 + 1;
/** Sizes below which a fault does nothing. */
const needed: Readonly<Record<string, number>> = { 'last-key-lost-when-long': 1000 };
const jobs = availableParallelism();

/**
 * Twelve searches for each fault that does not depend on data, by the check that meets it first, with failures of one class, which shrinking
 * keeps: where do they end? @returns what is wrong, in words.
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
