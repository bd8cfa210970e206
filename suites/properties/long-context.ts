import { hashOf } from '../../generators/values/hash.js';
import type { CompiledMask } from '../../spec/mask/compiled-mask.js';
import type { Expectation, Expected } from '../../spec/oracle/problem.js';
import { type Tensor, tensor } from '../../spec/tensor/tensor.js';
import { comparandsOf } from './comparands.js';
import { type Comparison, compareOutput } from './compare.js';
import { conclude } from './conclude.js';
import type { JudgeContext, Property } from './property.js';

/** Rows of a head that are judged: the first, the last, those on both sides of tile edges and of documents, and as many others. */
const SAMPLE = 12;
const TILES = [16, 64, 128];

/** Attention as in long-context training, scaled: the oracle is asked for a sample of the rows, each of which is judged as any other. */
export const longContext: Property = {
  name: 'long-context',
  title: 'sampled rows of long sequences lie within the derived error bound',
  perMask: true,
  perFeature: false,
  needs: { longContext: true, distributions: ['normal', 'planted'] },
  cases: 3,
  unsupported: () => undefined,
  calls: (c) => [{ command: 'forward', case: c }],
  judge: (context) => {
    const problem = context.problem(context.case);
    const rows = sampledRows(problem.mask, context.case.values.seed);
    const expectation = context.evaluate(problem, false, (_, __, i) => rows.has(i));
    return conclude(compareRows(context, expectation, rows), context.statistics, 0, () => ({}));
  },
};

export function sampledRows({ m, tables }: Pick<CompiledMask, 'm' | 'tables'>, seed: number): Set<number> {
  const edges = [
    0,
    m - 1,
    ...TILES.flatMap((tile) => [tile - 1, tile, m - (m % tile) - 1, m - (m % tile)]),
    ...documentEdges(tables.document, m),
  ];
  const others = Array.from({ length: SAMPLE }, (_, x) => hashOf(seed, x, m) % m);
  return new Set([...edges, ...others].filter((row) => row >= 0 && row < m));
}

/** The rows on both sides of a boundary, of at most as many documents as the sample has rows. */
function documentEdges(document: Tensor | undefined, m: number): number[] {
  if (!document) return [];
  const edges: number[] = [];
  for (let i = 1; i < m && edges.length < 2 * SAMPLE; i++) if (document.data[i] !== document.data[i - 1]) edges.push(i - 1, i);
  return edges;
}

/** The comparisons of o and the LSE, of these rows alone; where one is wrong, its index is that in the whole output. */
function compareRows(context: JudgeContext, expectation: Expectation, rows: ReadonlySet<number>): Comparison[] {
  const { b, hk, g, m } = context.case.dims;
  const picked = Array.from({ length: b * hk * g * m }, (_, row) => row).filter((row) => rows.has(row % m));
  const outputs = Object.fromEntries(Object.entries(expectation.outputs).map(([name, all]) => [name, pick(all, picked)]));
  const empty = Uint8Array.from(picked, (row) => expectation.empty[row]);
  // ranks tell more than outputs
  const answered = Object.entries(context.results[0]).filter(([name]) => expectation.outputs[name]);
  const actual = Object.fromEntries(answered.map(([name, t]) => [name, pickTensor(t, picked)]));
  return comparandsOf(context.problem(context.case), { outputs, empty }, actual).map((comparand) => {
    const comparison = compareOutput(comparand);
    const { worst } = comparison;
    if (!worst) return comparison;
    const row = picked[worst.index[0]];
    return {
      ...comparison,
      worst: { ...worst, index: [Math.floor(row / m / (hk * g)), Math.floor(row / m) % (hk * g), row % m, ...worst.index.slice(1)] },
    };
  });
}

/** Rows of an output: [rows, e], or [rows] of an LSE. */
function pick({ shape, value, bound }: Expected, rows: readonly number[]): Expected {
  const width = shape[3] ?? 1;
  return { shape: [rows.length, ...shape.slice(3)], value: gather(value, rows, width), bound: gather(bound, rows, width) };
}

function pickTensor({ dtype, shape, data }: Tensor, rows: readonly number[]): Tensor {
  return tensor(dtype, [rows.length, ...shape.slice(3)], gather(data, rows, shape[3] ?? 1));
}

function gather<T extends Tensor['data']>(data: T, rows: readonly number[], width: number): T {
  const out = data.slice(0, rows.length * width) as T;
  for (const [at, row] of rows.entries()) out.set(data.subarray(row * width, (row + 1) * width) as never, at * width);
  return out;
}
