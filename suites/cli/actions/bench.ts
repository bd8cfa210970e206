import { join, resolve } from 'node:path';
import { builtIns } from '../../../adapters/registry.js';
import { makeFolder } from '../../../adapters/system/make-folder.js';
import { jsonText } from '../../../reports/text/plain-text.js';
import { checkDocument } from '../../../spec/lib/documents.js';
import { nearest } from '../../../spec/lib/nearest.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Bench, DType } from '../../../spec/types/documents.js';
import { type BenchOptions, bench } from '../../bench/bench.js';
import type { ParameterLists } from '../../bench/given.js';
import { budgetOf, type Preset, type PresetName, presets } from '../../bench/presets.js';
import type { Sweep } from '../../bench/problems.js';
import { loadSpec } from '../../documents/load-spec.js';
import { exitCodes } from '../../lib/exit-code.js';
import { forFlag, requireFolder } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { writeAside } from '../../lib/write-aside.js';
import { chosenSeed } from '../../plan/chosen-seed.js';
import { defaults } from '../defaults.js';
import { ProgressLine } from '../progress.js';
import { benchText } from '../text/bench.js';

export interface BenchFlags {
  readonly adapter?: string[];
  readonly baseline?: string;
  readonly preset: PresetName;
  readonly operator?: string;
  readonly mask?: string[];
  readonly length?: number[];
  readonly dtype?: string[];
  readonly pass?: 'forward' | 'backward' | 'both';
  readonly heads?: number;
  readonly keyHeads?: number;
  readonly dim?: number;
  readonly batch?: number;
  readonly scheme?: string[];
  readonly transport: 'workers' | 'mpi';
  readonly ranks?: number[];
  readonly hostfile?: string;
  readonly time?: number;
  readonly samples?: number;
  readonly budget?: number;
  readonly param?: ParameterLists;
  readonly lengths?: string[];
  readonly seed?: number | 'random';
  readonly timeout?: number;
  readonly startTimeout?: number;
  readonly python?: string;
  readonly out: string;
  readonly json?: boolean;
  readonly spec?: string[];
}

/**
 * Runs `attn-cts bench`.
 * @returns the exit code: 1 for a wrong answer or failed kernel, 3 without any time.
 */
export async function benchAction(flags: BenchFlags): Promise<number> {
  requireFolder('--out', flags.out);
  forFlag('--out', () => makeFolder(resolve(flags.out)));
  const progress = new ProgressLine(process.stderr, undefined, 'problems');
  try {
    const result = await bench(optionsOf(flags), {
      onWorkload: (done, total, { case: c, pass }, left) => {
        const remaining = left === undefined ? '' : `about ${Math.ceil(left)} s left`;
        progress.show(done, total, remaining, `${'name' in c.mask ? c.mask.name : ''} ${c.dims.n} ${c.dtype} ${pass}`);
      },
    });
    progress.end();
    checkDocument('bench', result, 'bench.json');
    writeAside('--out', join(flags.out, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
    process.stdout.write(flags.json ? jsonText(result) : benchText(result, flags.out));
    return exitCodeOf(result, flags.adapter !== undefined);
  } finally {
    progress.end();
  }
}

function optionsOf(flags: BenchFlags): BenchOptions {
  const operator = flags.operator ?? plainOperator.name;
  const { documents, library } = loadSpec(flags.spec, new Set([operator]));
  const preset: Preset = presets[flags.preset];
  const sweep = preset.sweep(library);
  const g = flags.heads === undefined ? sweep.sizes.g : flags.heads / (flags.keyHeads ?? sweep.sizes.hk);
  if (!Number.isInteger(g))
    throw new UsageError(`--heads: ${flags.heads} query heads cannot share ${flags.keyHeads ?? sweep.sizes.hk} key heads evenly`);
  const passes = flags.pass === 'both' ? (['forward', 'backward'] as const) : flags.pass && [flags.pass];
  const { hostfile, python } = flags;
  return {
    adapters: flags.adapter ?? usual,
    ...(flags.baseline !== undefined && { baseline: flags.baseline }),
    ...(flags.budget !== undefined && { total: flags.budget * 1000 }),
    sweep: {
      ...sweep,
      parameters: { ...parametersOf(library, sweep, flags.mask ?? sweep.masks), ...flags.param },
      ...(flags.lengths && {
        lengthsOf: flags.lengths.length === 1 && flags.lengths[0] === 'source' ? ('source' as const) : flags.lengths,
      }),
      operator,
      masks: flags.mask ?? sweep.masks,
      lengths: flags.length ?? sweep.lengths,
      dtypes: dtypesOf(flags.dtype) ?? sweep.dtypes,
      passes: passes ?? sweep.passes,
      sizes: { b: flags.batch ?? sweep.sizes.b, hk: flags.keyHeads ?? sweep.sizes.hk, g, d: flags.dim ?? sweep.sizes.d },
      schemes: flags.scheme ?? [],
      ranks: flags.ranks ?? [2],
      transport: flags.transport,
      seed: chosenSeed(flags.seed ?? defaults.seed),
    },
    budget: budgetOf(flags.time === undefined ? preset.time : flags.time * 1000, flags.samples, preset.fewest),
    documents,
    timeout: flags.timeout ?? 60,
    startTimeout: flags.startTimeout ?? defaults.startTimeout,
    load: { ...(python !== undefined && { python }), ...(hostfile !== undefined && { hostfile }) },
  };
}

function parametersOf({ masks }: SpecLibrary, { parameters = {} }: Pick<Sweep, 'parameters'>, names: readonly string[]): ParameterLists {
  const known = new Set(names.flatMap((name) => Object.keys(masks.get(name)?.parameters ?? {})));
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => known.has(name)));
}

const usual = Object.keys(builtIns).filter((id) => !builtIns[id].slow && !id.startsWith('reference'));

const dtypes: readonly string[] = ['f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2'];

function dtypesOf(names: readonly string[] | undefined): DType[] | undefined {
  const unknown = names?.find((name) => !dtypes.includes(name));
  if (unknown !== undefined) throw new UsageError(`--dtype: found "${unknown}"; the nearest are ${nearest(unknown, dtypes).join(', ')}`);
  return names as DType[] | undefined;
}

function exitCodeOf({ timings, adapters }: Bench, named: boolean): number {
  if (timings.some(({ verdict }) => verdict === 'wrong' || verdict === 'failed')) return exitCodes.failed;
  const untold = timings.some(({ verdict }) => verdict === 'inconclusive');
  const missing = untold || (named && adapters.some(({ unavailable }) => unavailable !== undefined));
  return missing || !timings.some(({ verdict }) => verdict === 'timed') ? exitCodes.inconclusive : exitCodes.passed;
}
