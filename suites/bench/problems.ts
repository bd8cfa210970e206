import { listedMasks } from '../../spec/operator/facts.js';
import { isStreamed } from '../../spec/oracle/softmax-form.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Dims, DType, Operator, Parallel, Timing } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';
import { checkGiven, type LengthsChoice, type ParameterLists, sweptMasks } from './given.js';

/** Values to time in every combination. */
export interface Sweep {
  readonly operator: string;
  /** Masks; an operator that lists masks is timed with its share of them. */
  readonly masks: readonly string[];
  /** Numbers of queries and of keys. */
  readonly lengths: readonly number[];
  readonly dtypes: readonly DType[];
  /** Dtype for kernels that do not claim the timed one. */
  readonly otherwise?: DType;
  readonly parameters?: ParameterLists;
  readonly lengthsOf?: LengthsChoice;
  readonly passes: readonly ('forward' | 'backward')[];
  readonly sizes: Pick<Dims, 'b' | 'hk' | 'g' | 'd'>;
  /** Empty for one device. */
  readonly schemes: readonly string[];
  readonly ranks: readonly number[];
  readonly transport: NonNullable<Parallel['transport']>;
  readonly seed: number;
}

/** Case and pass to time. */
export interface BenchProblem {
  readonly case: Case;
  readonly pass: 'forward' | 'backward';
  readonly swept?: NonNullable<Timing['swept']>;
}

/** One problem, or one per scheme, timed in turns on every adapter. */
export type Workload = readonly BenchProblem[];

/** Most cells, over heads and batch entries, with every row judged. */
export const mostJudgedCells = 2 ** 24;

/** Judged rows of larger problems; cotangents are 0 elsewhere. Calls are alike to kernels. */
const JUDGED_ROWS = 256;

/** Makes workloads. @throws {UsageError} for unknown names, or an operator without these masks. */
export function workloadsOf(library: SpecLibrary, sweep: Sweep): Workload[] {
  const { lengths, dtypes, passes, sizes, seed } = sweep;
  const masks = masksOf(library, sweep);
  const asked = { parameters: sweep.parameters ?? {}, seed, ...(sweep.lengthsOf && { lengths: sweep.lengthsOf }) };
  const streamed = isStreamed(library.operators.get(sweep.operator) as Operator);
  checkGiven(library, masks, asked.parameters);
  const workloads: Workload[] = [];
  for (const pass of passes)
    for (const dtype of dtypes)
      for (const parallels of parallelsOf(library, sweep))
        for (const name of masks)
          for (const n of lengths) {
            const spec = library.masks.get(name);
            if (!spec) throw new UsageError(`there is no mask "${name}"; there are ${[...library.masks.keys()].join(', ')}`);
            const { b, hk, g, d } = sizes;
            const large = streamed && b * hk * g * n * n > mostJudgedCells;
            for (const { mask, swept } of sweptMasks(library, spec, n, asked)) {
              const c: Case = {
                operator: sweep.operator,
                dims: { b, hk, g, m: n, n, d, e: d },
                mask,
                options: {},
                dtype,
                layout: 'bhld',
                values: { distribution: 'normal', seed, ...(large && { rows: JUDGED_ROWS }) },
              };
              const chosen = Object.keys(swept).length > 0 && { swept };
              workloads.push(parallels.map((parallel) => ({ pass, ...chosen, case: { ...c, ...(parallel && { parallel }) } })));
            }
          }
  return workloads;
}

/** Workload at half the length; undefined if too short. */
export function shorter(library: SpecLibrary, sweep: Sweep, [problem]: Workload): Workload | undefined {
  const { case: c, pass, swept } = problem;
  const n = Math.floor(c.dims.n / 2);
  if (n < 1 || !('name' in c.mask)) return undefined;
  const found = workloadsOf(library, { ...sweep, lengths: [n], masks: [c.mask.name], passes: [pass], dtypes: [c.dtype] });
  const same = (other: BenchProblem) => JSON.stringify([other.swept, other.case.parallel]) === JSON.stringify([swept, c.parallel]);
  return found.find(([first]) => same(first));
}

function masksOf({ operators }: SpecLibrary, { operator: name, masks }: Sweep): readonly string[] {
  const operator = operators.get(name);
  if (!operator) throw new UsageError(`there is no operator "${name}"; there are ${[...operators.keys()].join(', ')}`);
  const own = listedMasks(operator);
  if (!own) return masks;
  const kept = own.filter((mask) => masks.includes(mask));
  if (kept.length > 0) return kept;
  throw new UsageError(`operator ${name} only has its built-in masks, ${own.join(', ')}; found ${masks.join(', ')}`);
}

function parallelsOf(library: SpecLibrary, { schemes, ranks, transport }: Sweep): (Parallel | undefined)[][] {
  if (schemes.length === 0) return [[undefined]];
  const unknown = schemes.find((scheme) => !library.schemes.has(scheme));
  if (unknown !== undefined) throw new UsageError(`there is no scheme "${unknown}"; there are ${[...library.schemes.keys()].join(', ')}`);
  return ranks.map((count) => schemes.map((scheme) => ({ scheme, ranks: count, transport })));
}

/** Call `count` of a problem, with new values; call 0 has the problem's. */
export function callOf({ case: c, pass }: BenchProblem, count: number): { command: 'forward' | 'backward'; case: Case } {
  return { command: pass, case: { ...c, values: { ...c.values, seed: (c.values.seed + count) >>> 0 } } };
}
