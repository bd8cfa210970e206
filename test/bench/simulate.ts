import { createLibrary } from '../../dist/spec/library.js';
import type { SchemeLoad } from '../../dist/suites/simulate/request.js';
import { simulate } from '../../dist/suites/simulate/simulate.js';
import { sweep } from '../../dist/suites/simulate/sweep.js';
import type { Cluster } from '../../spec/types/documents.js';

const causal: SchemeLoad = { mask: { name: 'causal' }, heads: 64, keyHeads: 8, dim: 128, dtype: 'bf16', batch: 1, backward: true };

const schemes = [
  'ring',
  'ring-zigzag',
  'ring-striped',
  'ulysses',
  'all-gather',
  'all-gather-zigzag',
  'usp',
  'double-ring',
  'double-ring-context',
  'magi',
  'lightseq',
];
const lengths = [2 ** 16, 2 ** 17, 2 ** 18, 2 ** 19, 2 ** 20];
const ranks = 64;

/** Eleven schemes over five lengths on 64 ranks, both passes: target under a minute. */
export async function benchSweep(): Promise<void> {
  const library = createLibrary();
  const combinations = schemes.flatMap((scheme) => lengths.map((tokens) => ({ scheme, ranks, tokens })));
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const simulations = await sweep(library, library.clusters.get('h100-96') as Cluster, combinations, causal, false, () => {});
  const { user } = process.cpuUsage(cpu);
  const refused = simulations.filter((simulation) => 'refused' in simulation).length;
  console.log(
    `${schemes.length} schemes over ${lengths.length} lengths on ${ranks} ranks, simulated (target under a minute): ${((performance.now() - begun) / 1000).toFixed(1)} s, ${(user / 1e6).toFixed(1)} s of a core, ${refused} refused`,
  );
}

/** A million tokens on a torus of 1,024 ranks, both passes: target 8 s each. */
export async function benchTorus(): Promise<void> {
  const library = createLibrary();
  for (const scheme of ['ring', 'ring-zigzag', 'ring-striped']) {
    const cpu = process.cpuUsage();
    const begun = performance.now();
    await simulate(library, library.clusters.get('tpu-1024') as Cluster, { scheme, ranks: 1024, tokens: 2 ** 20 }, causal);
    const [seconds, busy] = [(performance.now() - begun) / 1000, process.cpuUsage(cpu).user / 1e6];
    console.log(`${scheme} on a torus of 1,024 ranks, both passes (target 8 s): ${seconds.toFixed(1)} s, ${busy.toFixed(1)} s of a core`);
  }
}
