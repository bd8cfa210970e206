import { hashOf } from '../../dist/spec/lib/hash.js';
import { type MatrixLoops, matrixLoops } from '../../dist/spec/matrix/loops.js';
import { softmaxBackward } from '../../dist/spec/oracle/softmax-backward.js';
import { softmaxForward } from '../../dist/spec/oracle/softmax-forward.js';
import type { Problem } from '../../dist/spec/problem.js';
import { problem } from '../spec/oracle/problems.js';
import { cpuOf } from './cpu.js';

function shown(operations: number, seconds: number): string {
  return `${(operations / seconds / 1e9).toFixed(1)} GFLOP/s`;
}

/** The inner loops alone, and the oracle with its bounds, by blocks and one row at a time. Counted are the products of attention: 4 for a cell and channel, 10 in the backward pass. */
export function benchBlocks(): void {
  const loops = matrixLoops() as MatrixLoops;
  loops.reserve(2 ** 17);
  const size = { rows: 32, columns: 64, terms: 128 };
  const a = { at: 0, row: 128, term: 1 };
  const [b, c] = [
    { at: 2 ** 13, panel: 512 },
    { at: 2 ** 15, row: 64 },
  ];
  const times = 20000;
  const products = 2 * size.rows * size.columns * size.terms * times;
  const repeated = (run: () => void) => cpuOf(() => Array.from({ length: times }, run));
  console.log(
    `products of blocks: ${shown(
      products,
      repeated(() => loops.multiply(size, a, b, c)),
    )}`,
  );
  console.log(
    `products with magnitudes: ${shown(
      products,
      repeated(() => loops.multiplyAbsolute(size, a, b, c)),
    )}`,
  );
  console.log(
    `distances from a mean: ${shown(
      2 * products,
      repeated(() => loops.spread(size, a, b, 2 ** 16, c)),
    )}`,
  );
  for (const [n, d, causal] of [
    [512, 64, false],
    [1024, 64, true],
    [1024, 128, false],
    [2048, 128, true],
    [4096, 128, true],
  ] as const) {
    const given = large(n, d, causal);
    const cells = causal ? (n * (n + 1)) / 2 : n * n;
    for (const [pass, run, each] of [
      ['forward', (loopsOf: typeof matrixLoops) => softmaxForward(given, undefined, loopsOf), 4],
      ['backward', (loopsOf: typeof matrixLoops) => softmaxBackward(given, loopsOf), 10],
    ] as const) {
      const blocks = cpuOf(() => run(matrixLoops));
      const rows = n > 2048 ? undefined : cpuOf(() => run(() => undefined));
      const before = rows === undefined ? '' : `, one row at a time ${shown(cells * d * each, rows)}`;
      console.log(`oracle, n = ${n}, d = ${d}${causal ? ', causal' : ''}, ${pass}: ${shown(cells * d * each, blocks)}${before}`);
    }
  }
}

function large(n: number, d: number, causal: boolean): Problem {
  const tensor = (which: number) => ({
    shape: [1, 1, n, d],
    data: Float64Array.from({ length: n * d }, (_, at) => Math.fround(hashOf(which, at) / 2 ** 31 - 1)),
  });
  const own = problem({
    dims: { b: 1, hk: 1, g: 1, m: n, n, d, e: d },
    dtype: 'f32',
    inputs: { q: tensor(0), k: tensor(1), v: tensor(2), do: tensor(3) },
  });
  const runs = (_b: number, _h: number, i: number, out: Int32Array) => {
    out[0] = 0;
    out[1] = causal ? i + 1 : n;
    return 1;
  };
  return { ...own, mask: { ...own.mask, runs } };
}
