import { availableParallelism } from 'node:os';
import { mutants } from '../../dist/adapters/controls/mutants/index.js';
import { power } from '../../dist/suites/power/power.js';

/** Every property is asked of the mutants that one property alone is to find. @returns what else finds them, and what does not, in words. */
export async function worthOfProperties(seeds: readonly number[]): Promise<string[]> {
  const witnesses = mutants.filter(({ alone }) => alone !== undefined);
  const wrong: string[] = [];
  for (const seed of seeds) {
    const options = { mutants: witnesses, seed, runs: 50, jobs: availableParallelism(), matrix: true };
    await power(options, ({ id, killers = [] }) => {
      const { alone } = witnesses.find((mutant) => mutant.id === id) as (typeof witnesses)[number];
      const found = killers.length === 0 ? 'nothing' : killers.join(', ');
      console.log(`  seed ${seed}, ${alone}: ${id}, found by ${found}`);
      if (killers.join() !== alone) wrong.push(`${id} is for ${alone} to find alone, and on seed ${seed} is found by ${found}`);
    });
  }
  return wrong;
}
