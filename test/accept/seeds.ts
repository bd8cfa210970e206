import { judgeAdapters } from '../judge-adapters.js';

/** Correct kernels of ours, and how often each is judged: WebGPU runs on the processor. */
const kernels = [
  { adapters: ['reference', 'native'], seeds: 20, runs: 50 },
  { adapters: ['webgpu'], seeds: 3, runs: 5 },
];

/** Every profile that they support, on many seeds. @returns the failures, in words. */
export async function correctOnSeeds(): Promise<string[]> {
  const wrong: string[] = [];
  for (const { adapters, seeds, runs } of kernels) {
    for (let seed = 0; seed < seeds; seed++) {
      const { checks } = await judgeAdapters({ adapters, profiles: ['core', 'training', 'serving', 'numerics'], seed, runs });
      const cases = checks.reduce((sum, c) => sum + c.cases, 0);
      const failed = checks.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported');
      console.log(`  ${adapters.join(', ')}, seed ${seed}: ${cases} cases, ${failed.length} checks fail`);
      wrong.push(...failed.map((c) => `${c.adapter}::${c.id} on seed ${seed}: ${c.verdict} ${c.reason ?? c.failure?.message ?? ''}`));
    }
  }
  return wrong;
}
