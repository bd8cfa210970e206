import { availableParallelism } from 'node:os';
import { mutants } from '../../dist/adapters/controls/mutants/index.js';
import { power } from '../../dist/suites/power/power.js';
import { summaryOf } from '../../dist/suites/power/summary.js';
import { misdiagnoses } from './diagnosis.js';

/**
 * Every mutant at the default budget, on each seed: that it is killed, and what is said of it. @param ids of those that are judged; if absent, all.
 * @returns what is wrong, in words.
 */
export async function powerOnSeeds(seeds: readonly number[], ids?: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  const judged = mutants.filter(({ id }) => ids?.includes(id) ?? true);
  for (const seed of seeds) {
    const started = performance.now();
    const results = await power({ mutants: judged, seed, runs: 50, jobs: availableParallelism() }, () => {});
    const { killed, total, medianCases, survivors, misdeclared, errors } = summaryOf(results);
    const seconds = Math.round((performance.now() - started) / 1000);
    const diagnosed = results.filter(({ kill }) => kill?.hint !== undefined).length;
    console.log(`  seed ${seed}: ${killed}/${total} killed, ${diagnosed} diagnosed, median ${medianCases} cases, ${seconds} s`);
    const ofSeed = [
      ...survivors.map((r) => `${r.id} survives seed ${seed}`),
      ...misdeclared.map((r) => `${r.id}, declared equivalent, is killed by ${r.kill?.check} on seed ${seed}`),
      ...misdiagnoses(results, seed),
      ...errors.map((r) => `${r.id} on seed ${seed}: ${r.error?.check} ${r.error?.reason}`),
    ];
    // the seeds that follow take hours
    for (const text of ofSeed) console.log(`    ${text}`);
    wrong.push(...ofSeed);
  }
  return wrong;
}
