import { availableParallelism } from 'node:os';
import { mutants } from '../../dist/adapters/mutants/index.js';
import { matrixOf } from '../../dist/suites/power/matrix.js';
import { power } from '../../dist/suites/power/power.js';
import { properties } from '../../dist/suites/properties/index.js';

/** Judged by name only, of which no mutant is asked; its own test has a fault that nothing else finds. */
const byNameOnly = ['long-context'];

/** Which mutants each property kills, and which it kills alone. @returns the properties that kill none alone. */
export async function worthOfProperties(): Promise<string[]> {
  const results = await power({ mutants, seed: 0, runs: 50, jobs: availableParallelism(), matrix: true }, () => {});
  const worth = matrixOf(
    results,
    properties.map(({ name }) => name),
  );
  for (const { property, kills, alone } of worth)
    console.log(`  ${property}: kills ${kills.length}, alone ${alone.length} (${alone.join(', ')})`);
  return worth
    .filter(({ property, alone }) => alone.length === 0 && !byNameOnly.includes(property))
    .map(({ property }) => `${property} kills no mutant alone`);
}
