import type { SpecLibrary } from '../../spec/library.js';
import { listedMasks } from '../../spec/operator/facts.js';
import type { Case, Dims, DType, Parallel } from '../../spec/types/documents.js';
import { UsageError } from '../usage-error.js';
import { benchParameters } from './mask-parameters.js';

/** Values of which every combination is timed. */
export interface Sweep {
  readonly operator: string;
  /** Names of masks; for an operator that lists its own masks, only those that it has. */
  readonly masks: readonly string[];
  /** Numbers of tokens, with as many queries as keys. */
  readonly lengths: readonly number[];
  readonly dtypes: readonly DType[];
  readonly passes: readonly ('forward' | 'backward')[];
  readonly sizes: Pick<Dims, 'b' | 'hk' | 'g' | 'd'>;
  /** Names of schemes; if there are none, one device is timed. */
  readonly schemes: readonly string[];
  readonly ranks: readonly number[];
  readonly transport: NonNullable<Parallel['transport']>;
  readonly seed: number;
}

/** Problem that is timed on an adapter: a case and a pass. */
export interface BenchProblem {
  readonly case: Case;
  readonly pass: 'forward' | 'backward';
}

/** Problems that every adapter is timed on in turns: one problem, or if schemes are asked for, the same problem by each of them. */
export type Workload = readonly BenchProblem[];

/** Makes the workloads of a sweep. @throws {UsageError} for an unknown operator, mask or scheme, or an operator with none of the masks. */
export function workloadsOf(library: SpecLibrary, sweep: Sweep): Workload[] {
  const { lengths, dtypes, passes, sizes, seed } = sweep;
  const masks = masksOf(library, sweep);
  const workloads: Workload[] = [];
  for (const pass of passes)
    for (const dtype of dtypes)
      for (const parallels of parallelsOf(library, sweep))
        for (const name of masks)
          for (const n of lengths) {
            const spec = library.masks.get(name);
            if (!spec) throw new UsageError(`there is no mask "${name}"; there are ${[...library.masks.keys()].join(', ')}`);
            const parameters = benchParameters(spec, n);
            const { b, hk, g, d } = sizes;
            const c: Case = {
              operator: sweep.operator,
              dims: { b, hk, g, m: n, n, d, e: d },
              mask: { name, ...(parameters && { parameters }) },
              options: {},
              dtype,
              layout: 'bhld',
              values: { distribution: 'normal', seed },
            };
            workloads.push(parallels.map((parallel) => ({ pass, case: { ...c, ...(parallel && { parallel }) } })));
          }
  return workloads;
}

function masksOf({ operators }: SpecLibrary, { operator: name, masks }: Sweep): readonly string[] {
  const operator = operators.get(name);
  if (!operator) throw new UsageError(`there is no operator "${name}"; there are ${[...operators.keys()].join(', ')}`);
  const own = listedMasks(operator);
  if (!own) return masks;
  const kept = own.filter((mask) => masks.includes(mask));
  if (kept.length > 0) return kept;
  throw new UsageError(`operator ${name} has the masks ${own.join(', ')} built in; found ${masks.join(', ')}`);
}

/** Schemes to time, in a list for each number of ranks. */
function parallelsOf(library: SpecLibrary, { schemes, ranks, transport }: Sweep): (Parallel | undefined)[][] {
  if (schemes.length === 0) return [[undefined]];
  const unknown = schemes.find((scheme) => !library.schemes.has(scheme));
  if (unknown !== undefined) throw new UsageError(`there is no scheme "${unknown}"; there are ${[...library.schemes.keys()].join(', ')}`);
  return ranks.map((count) => schemes.map((scheme) => ({ scheme, ranks: count, transport })));
}

/** Returns call number `count` of a problem, whose values no earlier call had. Call 0 has the problem's own values. */
export function callOf({ case: c, pass }: BenchProblem, count: number): { command: 'forward' | 'backward'; case: Case } {
  return { command: pass, case: { ...c, values: { ...c.values, seed: (c.values.seed + count) >>> 0 } } };
}
