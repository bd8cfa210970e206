import { existsSync } from 'node:fs';
import { readBench } from '../../../reports/files/read-bench.js';
import { jsonText, plainText } from '../../../reports/text/plain-text.js';
import { checkCluster } from '../../../spec/cluster/check.js';
import { checkDocument, parseDocument } from '../../../spec/lib/documents.js';
import { nearest } from '../../../spec/lib/nearest.js';
import { printMask } from '../../../spec/mask/print/print.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Cluster, DType, Mask } from '../../../spec/types/documents.js';
import { readSpec } from '../../documents/load-spec.js';
import { exitCodes } from '../../lib/exit-code.js';
import { readTextFor, requireFile, writeFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { measuredBlocks } from '../../simulate/measured-blocks.js';
import type { Combination, SchemeLoad } from '../../simulate/request.js';
import type { Refusal, Simulation } from '../../simulate/simulate.js';
import { sweep, winnersOf } from '../../simulate/sweep.js';
import { namedMasks, parseMask } from '../mask-argument.js';
import { ProgressLine } from '../progress.js';
import { simulationText, sweepText } from '../text/simulate.js';

/** Finds a cluster by name, or reads its file. @throws {UsageError} @throws {DocumentError} */
function readCluster(argument: string, library: SpecLibrary): Cluster {
  const known = library.clusters.get(argument);
  if (known) return known;
  if (!existsSync(argument)) {
    const names = nearest(argument, library.clusters.keys()).join(', ');
    throw new UsageError(`--cluster: found no cluster and no file "${argument}"; the nearest clusters are ${names}`);
  }
  const cluster = parseDocument('cluster', readTextFor('--cluster', argument), argument);
  checkCluster(cluster, argument);
  return cluster;
}

export interface SimulateFlags {
  readonly scheme: string[];
  readonly ranks: number[];
  readonly tokens?: number[];
  readonly cluster: string;
  readonly bench?: string;
  readonly adapter?: string;
  readonly mask?: string;
  readonly param?: string[];
  readonly heads?: number;
  readonly keyHeads?: number;
  readonly dim?: number;
  readonly dtype: DType;
  readonly batch?: number;
  readonly pass: 'forward' | 'both';
  readonly merge: SchemeLoad['merge'];
  readonly svg?: string;
  readonly json?: boolean;
  readonly spec?: string[];
}

/** Runs `attn-cts simulate`. @returns the exit code. */
export async function simulateAction(flags: SimulateFlags): Promise<number> {
  if (flags.svg !== undefined) requireFile('--svg', flags.svg);
  const { library } = readSpec(flags.spec);
  const cluster = await withMeasured(readCluster(flags.cluster, library), flags);
  const load = workload(flags, library);
  const combinations = combinationsOf(flags, load.mask, library);
  const single = combinations.length === 1;
  const progress = new ProgressLine(process.stderr, undefined, 'simulations');
  const simulations = await sweep(
    library,
    cluster,
    combinations,
    load,
    single && flags.svg !== undefined,
    (done, { scheme, ranks, tokens }) => progress.show(done, combinations.length, '', `${scheme} on ${ranks} ranks, ${tokens} tokens`),
  );
  progress.end();
  const refusals = simulations.flatMap((s) => ('refused' in s ? [s.refused] : []));
  if (refusals.length === simulations.length)
    throw new UsageError(single ? refusals[0] : `no combination could be simulated:\n  ${[...new Set(refusals)].join('\n  ')}`);
  const winners = winnersOf(simulations);
  const work = `${printMask(load.mask)}, ${load.heads} query and ${load.keyHeads} key heads of ${load.dim}, ${load.dtype}${load.batch > 1 ? `, batch ${load.batch}` : ''}${load.merge === 'stepwise' ? ', merged step by step' : ''}`;
  const setting = `${cluster.title}; ${work}`;
  const [first] = simulations;
  if (flags.svg !== undefined) {
    const { sweepPicture, timelinePicture } = await import('../text/simulate.js');
    const picture = single ? timelinePicture(first as Simulation, setting) : sweepPicture(simulations, winners, setting);
    writeFor('--svg', flags.svg, picture);
  }
  if (flags.json) {
    const document = simulations.map((s) => ({ cluster: cluster.title, workload: work, ...withoutTimeline(s) }));
    process.stdout.write(jsonText(checkDocument('simulations', document, 'simulations')));
  } else {
    const text = single ? simulationText(first as Simulation, cluster) : sweepText(simulations, winners, cluster);
    process.stdout.write(
      plainText(`${single ? `${first.scheme} on ${first.ranks} ranks, ${first.tokens} tokens\n` : ''}${setting}\n\n${text}`),
    );
  }
  return exitCodes.passed;
}

/** Gives a cluster's devices the measured speeds of `bench`. @throws {UsageError} if any lacks. */
async function withMeasured(cluster: Cluster, { bench, adapter, pass }: SimulateFlags): Promise<Cluster> {
  if (bench === undefined) {
    if (adapter !== undefined) throw new UsageError('--adapter: add --bench FILE, the file with its timings');
    return cluster;
  }
  const { measured: _, ...device } = cluster.device;
  const passes = pass === 'both' ? (['forward', 'backward'] as const) : (['forward'] as const);
  return { ...cluster, device: { ...device, ...measuredBlocks(await readBench(bench), adapter, passes) } };
}

/** @throws {UsageError} if key heads do not divide query heads. */
function workload(flags: SimulateFlags, library: SpecLibrary): SchemeLoad {
  const { heads = 32, keyHeads = 8, dim = 128, batch = 1 } = flags;
  if (heads % keyHeads !== 0) throw new UsageError(`--key-heads: found ${keyHeads}, must divide the query heads, ${heads}`);
  const mask = parseMask(flags.mask ?? 'causal', flags.param ?? [], library);
  return { mask, heads, keyHeads, dim, dtype: flags.dtype, batch, backward: flags.pass === 'both', merge: flags.merge };
}

/** @throws {UsageError} for an unknown scheme, or if no number of tokens is known. */
function combinationsOf({ scheme: schemes, ranks, tokens }: SimulateFlags, mask: Mask, library: SpecLibrary): Combination[] {
  for (const scheme of schemes) {
    if (library.schemes.has(scheme)) continue;
    throw new UsageError(`--scheme: unknown scheme "${scheme}"; the nearest are ${nearest(scheme, library.schemes.keys()).join(', ')}`);
  }
  const lengths = tokens ?? tokensOf(mask, library);
  const unique = <T>(values: readonly T[]) => [...new Set(values)];
  return unique(schemes).flatMap((scheme) =>
    unique(ranks).flatMap((count) => unique(lengths).map((length) => ({ scheme, ranks: count, tokens: length }))),
  );
}

/** Sums the mask's document lengths. @throws {UsageError} if the mask has no lengths. */
function tokensOf(mask: Mask, library: SpecLibrary): number[] {
  for (const { name, parameters = {} } of namedMasks(mask)) {
    for (const [key, value] of Object.entries(parameters)) {
      if (!Array.isArray(value) || library.masks.get(name)?.parameters?.[key]?.type !== 'lengths') continue;
      const sum = value.reduce((total, length) => total + length, 0);
      if (sum > 0) return [sum];
    }
  }
  throw new UsageError('--tokens: missing; give one or more numbers, such as 64K or 64K,1M');
}

function withoutTimeline(simulation: Simulation | Refusal): object {
  if ('refused' in simulation) return simulation;
  const { timeline: _, ...rest } = simulation;
  return rest;
}
