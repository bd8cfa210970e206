import { listedMasks } from '../../spec/operator/facts.js';
import { isStreamed } from '../../spec/oracle/softmax-form.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Dims, DType, Operator, Parallel, Timing } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';
import { checkGiven, type LengthsChoice, type ParameterLists, sweptMasks } from './given.js';

/** Values of which every combination is timed. */
export interface Sweep {
  readonly operator: string;
  /** Names of masks; for an operator that lists its own masks, only those that it has. */
  readonly masks: readonly string[];
  /** Numbers of tokens, with as many queries as keys. */
  readonly lengths: readonly number[];
  readonly dtypes: readonly DType[];
  /** Dtype of kernels that do not claim the one that is timed. */
  readonly otherwise?: DType;
  /** Values of masks' parameters: each mask that has one is timed with every value of the list. */
  readonly parameters?: ParameterLists;
  /** Distributions of the lengths of documents. */
  readonly lengthsOf?: LengthsChoice;
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
  /** Parameters of the mask that flags chose. */
  readonly swept?: NonNullable<Timing['swept']>;
}

/** Problems that every adapter is timed on in turns: one problem, or if schemes are asked for, the same problem by each of them. */
export type Workload = readonly BenchProblem[];

/** Cells (over heads and batch entries) up to which every row is judged. */
export const mostJudgedCells = 2 ** 24;

/**
 * Rows that are judged of larger problems. The cotangent of the outputs is zero in the others, so that every element of dk and dv is a sum over
 * these rows: all calls are so, as a kernel could tell those that are judged from others.
 */
const JUDGED_ROWS = 256;

/** Makes the workloads of a sweep. @throws {UsageError} for an unknown operator, mask, scheme, parameter or distribution, and an operator with none of the masks. */
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

/** The workload at half the length; undefined where there is none. */
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
