import { describe, expect, it } from 'vitest';
import { allKeys } from '../../../../adapters/controls/mutants/lib/hidden-keys.js';
import { tile } from '../../../../adapters/controls/reference/softmax/online.js';
import { rescale } from '../../../../adapters/controls/reference/steps/softmax-row.js';
import { type Steps, standardSteps } from '../../../../adapters/controls/reference/steps/steps.js';
import { roundTo } from '../../../../spec/tensor/float-bits.js';
import { tensor, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';
import { oracle } from '../../../../suites/properties/kernel/oracle.js';
import { diagnoseKernel, forwardOf, referenceWith } from '../../properties/on-kernel.js';
import { caseOf } from '../../properties/support.js';

type Kernel = ReturnType<typeof referenceWith>;

/** Returns the hint for a kernel that fails a case of 2·2 heads, 40 keys and 24 queries; undefined where nothing is. */
async function hintOf(kernel: Kernel, changes: Parameters<typeof caseOf>[0] = {}): Promise<string | undefined> {
  const judgement = await diagnoseKernel(oracle, kernel, caseOf({ ...changes, sizes: { m: 24, n: 40, d: 8, e: 8, ...changes?.sizes } }));
  if (judgement.status !== 'fail') throw new Error(`this kernel must fail: ${JSON.stringify(judgement)}`);
  return judgement.hint;
}

const keptOutput: Partial<Steps> = {
  rescale: (a, row, max) => {
    if (max === row.max) return;
    row.sum = a.round(row.sum * a.round(Math.exp(a.round(row.max - max))));
    row.max = max;
  },
};

const keptSum: Partial<Steps> = {
  rescale: (a, row, max, o, at, e) => {
    const { sum } = row;
    rescale(a, row, max, o, at, e);
    row.sum = sum;
  },
};

const keptBoth: Partial<Steps> = {
  rescale: (_, row, max) => {
    row.max = max;
  },
};

describe('hints of an online softmax', () => {
  it.each([
    ['the partial output is not rescaled', keptOutput],
    ['the sum of the weights is not rescaled', keptSum],
    ['neither the output nor the sum of the weights is rescaled', keptBoth],
  ])('%s', async (said, steps) => {
    expect(await hintOf(referenceWith(steps))).toBe(`the output matches a kernel where ${said} when a tile of 16 keys raises the maximum`);
  });

  it('say nothing of one that rescales but for small rises', async () => {
    const smallLeftOut: Partial<Steps> = {
      rescale: (a, row, max, o, at, e) => {
        if (max - row.max < 0.5) row.max = max;
        else rescale(a, row, max, o, at, e);
      },
    };
    expect(await hintOf(referenceWith(smallLeftOut))).toBeUndefined();
  });
});

describe('hints of what is subtracted from scores', () => {
  const subtracting = (of: (max: number, earlier: number) => number): Partial<Steps> => ({
    rescale: (a, row, max, o, at, e) => rescale(a, row, of(max, row.max), o, at, e),
  });

  it.each<[string, Partial<Steps>, Case['options']]>([
    ['no maximum is subtracted from the scores', subtracting(() => 0), { scale: 12 }],
    ['the running maximum starts at -100 instead of −∞', subtracting((max) => Math.max(max, -100)), { scale: -1000 }],
    [
      'only the maximum of the first tile of 16 keys is subtracted',
      subtracting((max, earlier) => (earlier === -Infinity ? max : earlier)),
      { scale: 12 },
    ],
  ])('%s', async (said, steps, options) => {
    const few = said.includes('starts') ? { mask: { name: 'causal' }, sizes: { m: 40, d: 16 } } : { sizes: { d: 16 } };
    const hint = await hintOf(referenceWith(steps), { options, ...few });
    // one case may leave several beginnings open
    expect(hint?.replace('0 or -100', '-100')).toBe(`the output matches a kernel where ${said}`);
  });

  it('name a maximum of keys that the mask hides, and not one where a number is what would be 0', async () => {
    const counting = referenceWith({}, allKeys({ maximum: (_, ofAll) => ofAll }));
    const changes = { mask: { name: 'causal' }, options: { scale: 24 }, sizes: { m: 40, d: 16 } };
    const said = 'the output matches a kernel where the maximum counts the keys that the mask hides';
    expect(await hintOf(counting, changes)).toBe(said);
    const doubled = forwardOf(async (call) => {
      const { o, lse } = await counting.forward(call);
      return { o: { ...o, data: Float32Array.from(valuesOf(o), (x) => 2 * x) }, lse };
    });
    expect(await hintOf(doubled, changes)).not.toBe(said);
  });

  it('name the first tile where rows that see none of its keys are NaN, and not where they are zeros', async () => {
    const blind = (written: number) =>
      forwardOf(async (call, right) => {
        const { o, lse } = await right(call);
        const values = Float64Array.from(valuesOf(o));
        const [, , m, e] = o.shape;
        const query = (at: number) => Math.floor(at / e) % m;
        return {
          o: tensor(
            'f32',
            o.shape,
            Float32Array.from(values, (x, at) => (query(at) - 4 >= 16 ? written : x)),
          ),
          lse,
        };
      });
    const mask = { name: 'sliding-window', parameters: { left: 4, right: 0 } };
    const said = 'the output matches a kernel where a row that sees none of the first 16 keys is NaN: the maximum of that tile is −∞';
    expect(await hintOf(blind(NaN), { mask, sizes: { m: 40 } })).toBe(said);
    // where an exponential overflows, ∞/∞ is no number: the tile without keys ended the row
    expect(await hintOf(blind(0), { mask, sizes: { m: 40 } })).not.toBe(said);
  });

  it('say nothing of NaN in rows whose exponentials do not overflow', async () => {
    const first = forwardOf(async (call, right) => {
      const { o, lse } = await right(call);
      const values = Float64Array.from(valuesOf(o));
      values.fill(NaN, 0, 8);
      return { o: tensor('f32', o.shape, Float32Array.from(values)), lse };
    });
    expect(await hintOf(first)).toBeUndefined();
  });
});

describe('hints of weights that are not divided by their sum', () => {
  /** Multiplies every element of o with a factor, by the LSE of its row and its place in it. */
  const timesOf = (factor: (lse: number, column: number) => number) =>
    forwardOf(async (call, right) => {
      const { o, lse } = await right(call);
      const [values, ofRows] = [valuesOf(o), valuesOf(lse)];
      const e = o.shape[3];
      return {
        o: tensor(
          'f32',
          o.shape,
          Float32Array.from(values, (x, at) => x * factor(ofRows[Math.floor(at / e)], at % e)),
        ),
        lse,
      };
    });
  const said = (dtype: string) =>
    `the output matches weights exp(s − LSE) of an LSE rounded to ${dtype}, which are not divided by their sum`;

  it.each(['f16', 'bf16'] as const)('name the type of the LSE: %s', async (dtype) => {
    expect(await hintOf(timesOf((lse) => Math.exp(lse - roundTo(dtype, lse))))).toBe(said(dtype));
  });

  it('name one in float32, where scores are so large that it shows', async () => {
    const rounded = timesOf((lse) => 1 + 2 ** -24 * Math.abs(lse));
    expect(await hintOf(rounded, { options: { scale: 3000 } })).toBe(said('f32'));
  });

  it('say nothing of it where the elements of a row are off by different factors', async () => {
    const each = timesOf((lse, column) => 1 + (-1) ** column * 2 ** -24 * Math.abs(lse));
    expect(await hintOf(each, { options: { scale: 3000 } })).not.toBe(said('f32'));
  });
});

describe('hints of keys after the last', () => {
  it('counted with score 0, up to a whole tile', async () => {
    const padded: Partial<Steps> = {
      normalise: (a, row, o, at, e) => {
        if (row.sum !== 0) row.sum = a.round(row.sum + a.round((48 - 40) * a.round(Math.exp(a.round(-row.max)))));
        standardSteps.normalise(a, row, o, at, e);
      },
    };
    expect(await hintOf(referenceWith(padded))).toBe(
      'the output matches sums that count the rest of the last tile of 16 keys with score 0',
    );
  });

  const seeing = (count: number): Partial<Steps> => ({
    endKey: (p, i) => (p.right < 0 ? p.n + count : standardSteps.endKey(p, i)),
    visible: (p, b, h, i, j) => j >= p.n || standardSteps.visible(p, b, h, i, j),
  });

  it.each([
    ['every query attends to one key too many, the next one in memory', 1],
    ['the last tile of 16 keys is read to its end, past the last key', tile - (40 % tile)],
  ])('%s', async (said, count) => {
    expect(await hintOf(referenceWith(seeing(count)))).toBe(`the output matches a kernel where ${said}`);
  });

  it('left by the tile before', async () => {
    const stale = forwardOf(async (call, right) => {
      const { b, hk, n, d } = call.case.dims;
      const longer = (name: string) => {
        const values = valuesOf(call.tensors[name]);
        const wide = new Float32Array(b * hk * 48 * d);
        for (let head = 0; head < b * hk; head++)
          for (let row = 0; row < 48; row++)
            wide.set(
              values.subarray((head * n + (row < n ? row : row - 16)) * d, (head * n + (row < n ? row : row - 16) + 1) * d),
              (head * 48 + row) * d,
            );
        return tensor('f32', [b, hk, 48, d], wide);
      };
      const dims = { ...call.case.dims, n: 48 };
      return right({ ...call, case: { ...call.case, dims }, tensors: { ...call.tensors, k: longer('k'), v: longer('v') } });
    });
    expect(await hintOf(stale)).toBe(
      'the output matches a kernel where the rest of the last tile of 16 keys holds keys of the tile before',
    );
  });
});

describe('hints of a softmax over another axis', () => {
  const over = (place: (b: number, h: number, i: number, j: number) => string) =>
    forwardOf(async (call, right) => {
      const { o, lse } = await right(call);
      const { b, hk, m, n, d, e } = call.case.dims;
      const [q, k, v] = ['q', 'k', 'v'].map((name) => valuesOf(call.tensors[name]));
      const weights = new Map<string, number>();
      const weight = (x: number, h: number, i: number, j: number) => {
        let s = 0;
        for (let c = 0; c < d; c++) s += q[((x * hk + h) * m + i) * d + c] * k[((x * hk + h) * n + j) * d + c];
        return Math.exp(s / Math.sqrt(d));
      };
      const each = (cell: (x: number, h: number, i: number, j: number) => void) => {
        for (let x = 0; x < b; x++) for (let h = 0; h < hk; h++) for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) cell(x, h, i, j);
      };
      each((...at) => weights.set(place(...at), (weights.get(place(...at)) ?? 0) + weight(...at)));
      const out = new Float32Array(valuesOf(o).length);
      each((x, h, i, j) => {
        const p = weight(x, h, i, j) / (weights.get(place(x, h, i, j)) as number);
        for (let c = 0; c < e; c++) out[((x * hk + h) * m + i) * e + c] += p * v[((x * hk + h) * n + j) * e + c];
      });
      return { o: tensor('f32', o.shape, out), lse };
    });

  it.each([
    ['queries', (b: number, h: number, _i: number, j: number) => `${b} ${h} ${j}`],
    ['heads', (b: number, _h: number, i: number, j: number) => `${b} ${i} ${j}`],
    ['batch entries', (_b: number, h: number, i: number, j: number) => `${h} ${i} ${j}`],
  ])('that of the %s', async (name, place) => {
    expect(await hintOf(over(place))).toBe(`the output matches a softmax over the ${name} instead of the keys`);
  });
});
