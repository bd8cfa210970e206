import type { KnownOf } from '../../../reports/html/causes.js';
import { siteData } from '../../../reports/html/model.js';
import type { SiteData } from '../../../reports/html/site-data.js';
import { madeUp } from '../made-up.js';
import { madeUpBench, sweptBench, timing } from '../made-up-bench.js';
import { evil, hostile, oneKernel, pictures, withErrors } from './made-up-results.js';
import { simulated } from './made-up-simulation.js';
import { largeResult, sourceOf } from './sources.js';

const made = new Date('2026-01-02T03:04:05Z');

/** A site with everything: failures with pictures, known causes, power, timings and simulations. */
function everything(): SiteData {
  const files = {
    replay: 'npx attention-cts replay out/failure.json',
    files: { folder: 'failures/0-0', names: ['failure.json'] },
    pictures,
    printed: 'it said so',
  };
  const power = {
    mutants: [{ id: 'tiled', class: 'Mask', killed: true, equivalent: false, check: 'a/b/c/f32', cases: 3, seconds: 1, case: null }],
  };
  const benches = [{ file: 'bench.json', bench: madeUpBench }];
  const simulations = [
    { file: 'sweep.json', simulations: [simulated('ring', 0.5), simulated('ring', 0.75, 4096), simulated('ulysses', 'too few heads')] },
  ];
  const knownOf: KnownOf = (_, { id }) =>
    id === 'softmax/causal/oracle/f32' ? { why: 'The mask is transposed: it was.', finding: '../FINDINGS.md#transposed' } : undefined;
  return siteData([sourceOf(withErrors, files)], { title: 'Made up', made, power, benches, simulations, knownOf });
}

function twoResults(): SiteData {
  const newer = { ...madeUp, adapters: madeUp.adapters.map((a) => ({ ...a, version: '2.0.0' })) };
  return siteData([sourceOf(madeUp), sourceOf(newer)], { title: 'History', made });
}

/** Two kernels, of which one's times are spread too far to be published. */
function noisy(): SiteData {
  const spread = timing('mine', 2);
  const timings = [{ ...spread, ...(spread.latency && { latency: { ...spread.latency, mad: 0.4 } }) }, timing('reference', 3)];
  return siteData([sourceOf(madeUp)], { title: 'Noisy', made, benches: [{ file: 'b.json', bench: { ...madeUpBench, timings } }] });
}

/** Data of made-up sites, by the folders in which tests open them. */
export const sites = {
  'made-up': everything,
  swept: () => siteData([sourceOf(madeUp)], { title: 'Swept', made, benches: [{ file: 'swept.json', bench: sweptBench }] }),
  timings: () => siteData([], { title: 'Timings', made, benches: [{ file: 'bench.json', bench: madeUpBench }] }),
  noisy,
  history: twoResults,
  hostile: () => siteData([sourceOf(hostile, { printed: evil })], { title: evil, made }),
  large: () => siteData([sourceOf(largeResult(20, 2000))], { title: 'Large', made }),
  one: () => siteData([sourceOf(oneKernel)], { title: 'One', made }),
  plain: () => siteData([sourceOf(madeUp)], { title: 'x', made }),
} satisfies Record<string, () => SiteData>;
