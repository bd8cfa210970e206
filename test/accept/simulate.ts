import { markdownTable } from 'markdown-table';
import { createLibrary } from '../../dist/spec/library.js';
import type { SchemeLoad } from '../../dist/suites/simulate/request.js';
import { type Simulation, simulate } from '../../dist/suites/simulate/simulate.js';
import type { Cluster, Mask } from '../../spec/types/documents.js';
import { explanations } from './simulate-explanations.js';

/** Shares of the ideal, in percent, as published in the README of ring-flash-attention: forward alone, and both passes. */
interface Published {
  readonly scheme: string;
  readonly cluster: 'h800-8' | 'a100-8';
  readonly packed: boolean;
  readonly forward: number;
  readonly both: number;
}

const published: readonly Published[] = [
  { scheme: 'ring', cluster: 'h800-8', packed: false, forward: 52.1, both: 53.9 },
  { scheme: 'ring-striped', cluster: 'h800-8', packed: false, forward: 74.4, both: 82.9 },
  { scheme: 'ring-zigzag', cluster: 'h800-8', packed: false, forward: 85.2, both: 90.2 },
  { scheme: 'ring', cluster: 'a100-8', packed: false, forward: 51.4, both: 52.5 },
  { scheme: 'ring-striped', cluster: 'a100-8', packed: false, forward: 69.6, both: 82.6 },
  { scheme: 'ring-zigzag', cluster: 'a100-8', packed: false, forward: 81.7, both: 89.8 },
  { scheme: 'ring', cluster: 'h800-8', packed: true, forward: 49.1, both: 51.1 },
  { scheme: 'all-gather', cluster: 'h800-8', packed: true, forward: 57.0, both: 58.1 },
  { scheme: 'ring-zigzag', cluster: 'h800-8', packed: true, forward: 70.2, both: 75.9 },
];

/** Simulated shares beside the published ones, in percent. */
interface Row {
  readonly of: Published;
  readonly forward: number;
  readonly both: number;
}

const ranks = 8;
const tokens = 8192 * ranks;

/** Lengths of the documents on one device in the benchmark, which takes these packings in turn; on eight devices, eight times as long. */
const packings = [[8192], [256, 7392, 544], [4096, 4096], [3104, 3200, 1600, 160, 128]];

/** Published rates of one device, in iterations a second: the mean over its packings. */
const packedRates = { forward: 852.4, both: 225.4 };

/**
 * Table of the simulated shares beside the published ones. `wrong` describes where the order of the schemes differs, or a difference of
 * more than 10 points has no explanation.
 */
export async function simulateTable(): Promise<{ markdown: string; wrong: string[] }> {
  const rows: Row[] = [];
  for (const of of published) rows.push({ of, ...(await sharesOf(of)) });
  const cells = rows.map(({ of, forward, both }) => [
    `${of.scheme}${of.packed ? ', packed' : ''}`,
    of.cluster === 'h800-8' ? '8×H800' : '8×A100',
    ...[
      [forward, of.forward],
      [both, of.both],
    ].flatMap(([ours, theirs]) => [ours.toFixed(1), theirs.toFixed(1), signed(ours - theirs)]),
  ]);
  const head = ['scheme', 'cluster', 'forward: ours', 'published', 'difference', 'both: ours', 'published', 'difference'];
  const table = markdownTable([head, ...cells], { align: ['l', 'l', 'r', 'r', 'r', 'r', 'r', 'r'] });
  const explained = rows.flatMap(({ of, forward, both }) => {
    const far = Math.max(Math.abs(forward - of.forward), Math.abs(both - of.both)) > 10;
    return far ? [`${of.scheme}${of.packed ? ', packed' : ''}`] : [];
  });
  const why = explanations.filter(({ scheme }) => explained.includes(scheme)).map(({ scheme, text }) => `- ${scheme}: ${text}`);
  const unexplained = [...new Set(explained)].filter((name) => !explanations.some(({ scheme }) => scheme === name));
  return {
    markdown: [table, '', 'Where they are more than 10 points apart:', '', ...why].join('\n'),
    wrong: [...orderFaults(rows), ...unexplained.map((name) => `${name} is more than 10 points away, without a reason`)],
  };
}

async function sharesOf(of: Published): Promise<{ forward: number; both: number }> {
  const cluster = clusterOf(of);
  const masks: Mask[] = of.packed
    ? packings.map((lengths) => ({ name: 'document-causal', parameters: { lengths: lengths.map((length) => length * ranks) } }))
    : [{ name: 'causal' }];
  const runs: Simulation[] = [];
  for (const mask of masks) runs.push(await run(of.scheme, cluster, mask));
  // a benchmark that takes packings in turn measures the mean of their times
  const sum = (of: (simulation: Simulation) => number) => runs.reduce((total, simulation) => total + of(simulation), 0);
  return {
    forward: (100 * sum((s) => s.forward.idealSeconds)) / sum((s) => s.forward.seconds),
    both: (100 * sum((s) => s.forward.idealSeconds + (s.backward?.idealSeconds ?? 0))) / sum((s) => s.seconds),
  };
}

const library = createLibrary();

async function run(scheme: string, cluster: Cluster, mask: Mask): Promise<Simulation> {
  const load: SchemeLoad = { mask, heads: 32, keyHeads: 8, dim: 128, dtype: 'bf16', batch: 1, backward: true, merge: 'stepwise' };
  const simulation = await simulate(library, cluster, { scheme, ranks, tokens }, load);
  if ('refused' in simulation) throw new Error(simulation.refused);
  return simulation;
}

/**
 * Cluster with the rate that was measured for the workload. Packed documents run at another rate on one device than one sequence does;
 * theirs is computed from the published rates and their visible cells.
 */
function clusterOf({ cluster, packed }: Published): Cluster {
  const known = library.clusters.get(cluster) as Cluster;
  if (!packed) return known;
  const cells = packings.flat().reduce((sum, length) => sum + (length * (length + 1)) / 2, 0) / packings.length;
  const flops = 32 * cells * 128;
  const { forward, both } = packedRates;
  const { measured: _, ...device } = known.device;
  return { ...known, device: { ...device, flops: { forward: 4 * flops * forward, backward: (10 * flops) / (1 / both - 1 / forward) } } };
}

/** Published orders of the schemes, from the slowest to the fastest. */
const orders = [
  { cluster: 'h800-8', packed: false, schemes: ['ring', 'ring-striped', 'ring-zigzag'] },
  { cluster: 'a100-8', packed: false, schemes: ['ring', 'ring-striped', 'ring-zigzag'] },
  { cluster: 'h800-8', packed: true, schemes: ['ring', 'all-gather', 'ring-zigzag'] },
] as const;

/** Descriptions of the places where a scheme is not slower than the next one of its order. */
function orderFaults(rows: readonly Row[]): string[] {
  return orders.flatMap(({ cluster, packed, schemes }) => {
    const rowOf = (scheme: string) => rows.find(({ of }) => of.scheme === scheme && of.cluster === cluster && of.packed === packed) as Row;
    return schemes
      .slice(1)
      .flatMap((fast, x) =>
        (['forward', 'both'] as const)
          .filter((pass) => rowOf(schemes[x])[pass] >= rowOf(fast)[pass])
          .map((pass) => `${schemes[x]} is not slower than ${fast} on ${cluster}, ${packed ? 'packed, ' : ''}${pass}`),
      );
  });
}

function signed(points: number): string {
  return `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`;
}
