import { describe, expect, it } from 'vitest';
import { loadSecondForm } from '../../../../adapters/controls/second-form/index.js';
import type { Call, Kernel } from '../../../../adapters/kernel.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { contiguous, type Tensor, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';
import { weightsReadingOf, weightsReadings } from '../../../../suites/diagnosis/weights/reading.js';
import { claims, forwardOf, judgeKernel, library, referenceWith } from '../../properties/on-kernel.js';
import { checked } from '../../runner/checked.js';

const [weightsReading, backwardReading] = weightsReadings;

/** A case of 2 key heads and 20 keys, which 3 columns of V read in 7 calls. */
const some: Case = {
  format: 1,
  operator: 'softmax',
  dims: { b: 2, hk: 2, g: 2, m: 3, n: 20, d: 4, e: 3 },
  mask: { name: 'causal', params: {} },
  dtype: 'f32',
  layout: 'bhld',
  options: {},
  values: { distribution: 'normal', seed: 5 },
} as unknown as Case;

/** A kernel that computes with other tensors than it is given. */
const given = (change: (tensors: Call['tensors'], c: Case) => Call['tensors'], right = referenceWith()): Kernel => ({
  ...right,
  forward: (call) => right.forward({ ...call, tensors: { ...call.tensors, ...change(call.tensors, call.case) } }),
});

/** The tensor with its rows, of one key each, multiplied. */
function scaled(tensor: Tensor, { dims: { n } }: Case, by: (key: number) => number): Tensor {
  const { dtype, shape } = tensor;
  const width = shape[shape.length - 1];
  return tensorOf(
    dtype as 'f32',
    shape,
    valuesOf(contiguous(tensor)).map((x, at) => x * by(Math.floor(at / width) % n)),
  );
}

const everyEighthValueLost = given(({ v }, c) => ({ v: scaled(v, c, (key) => Number(key % 8 !== 7)) }));

describe('the weights of a row', () => {
  it('are right where the kernel is', async () => {
    expect((await judgeKernel(weightsReading, referenceWith(), some)).status).toBe('pass');
    const masked = { ...some, values: { distribution: 'offset', seed: 1 } } as Case;
    expect((await judgeKernel(weightsReading, referenceWith(), masked)).status).toBe('pass');
  });

  it('are not said to be right where the rows that are wrong see no key', async () => {
    const withoutKeys = forwardOf(async (call, right) => {
      const { o, ...outputs } = await right(call);
      const data = (o.data as Float32Array).slice();
      const { packed, dims } = call.case;
      const width = dims.hk * dims.g * dims.e;
      let first = 0;
      for (const [document, queries] of (packed?.q ?? []).entries()) {
        // what the workspace holds of the document before
        const isStale = first > 0 && packed?.k[document] === 0 && packed.k[document - 1] > 0;
        if (isStale) data.fill(0.5, first * width, (first + queries) * width);
        first += queries;
      }
      return { ...outputs, o: { ...o, data } };
    });
    const { verdict, failure } = await checked(withoutKeys, 'softmax+packed/any/oracle/f32', { layouts: ['thd'] });
    expect(verdict).toBe('fail');
    expect(failure?.case.packed?.k).toContain(0);
    expect(failure?.case.packed?.k.some((keys) => keys > 0)).toBe(true);
    expect(failure?.weights).toBeUndefined();
  });

  it.each([
    ['values are lost', everyEighthValueLost, /keys 7 and 15 of 20 have no weight; together 0\.\d+, not 1$/],
    [
      'keys are read as others',
      given(({ k }, c) => ({ k: scaled(k, c, (key) => (key === 4 ? -1 : 1)) })),
      /key 4 of 20 has [\d.]+ times its weight; their sum is right; as if the score of key 4 of 20 was [\d.]+ too (high|low)$/,
    ],
    [
      'no key is hidden',
      forwardOf((call, right) => right({ ...call, case: { ...call.case, mask: { name: 'full', params: {} } } as Case })),
      /of 20( keys \(from \d+ on\))? (has|have) weight, [\d.]+ in all, but must have none; their sum is right$/,
    ],
  ])('are described where %s', async (_, kernel, text) => {
    const judgement = await judgeKernel(weightsReading, kernel, some);
    expect(judgement).toMatchObject({ status: 'fail', class: 'weights', message: expect.stringMatching(text) });
    expect(judgement).toMatchObject({
      message: expect.stringMatching(/^query [012] of head [0123] of batch entry [01], one of \d+ rows that are wrong: /),
    });
  });

  it.each(['retention', 'linear-causal'])('are read of recurrences too: %s', async (operator) => {
    const { capabilities, open } = await loadSecondForm({});
    const c = { ...some, operator, mask: { name: 'full' }, dims: { ...some.dims, m: 6, n: 6 } } as Case;
    const lost = given(({ v }) => ({ v: scaled(v, c, (key) => Number(key !== 4)) }), await open());
    const claims = resolveCapabilities(capabilities, 'second-form');
    expect((await judgeKernel(weightsReading, await open(), c, claims)).status).toBe('pass');
    const text =
      /^token [45] of head \d of batch entry [01], one of 16 rows that are wrong: .*key 4 of 6 has no weight; together [-\d.]+, not [-\d.]+$/;
    expect(await judgeKernel(weightsReading, lost, c, claims)).toMatchObject({ class: 'weights', message: expect.stringMatching(text) });
  });

  it('are undecided where a row is not read as numbers, unless it has no keys', async () => {
    const withoutNumbers = (hasNone: (row: number) => boolean) =>
      forwardOf(async (call, right) => {
        const { o, lse } = await right(call);
        const { e } = call.case.dims;
        return { o: { ...o, data: o.data.map((x, at) => (hasNone(Math.floor(at / e)) ? Number.NaN : x)) as Float32Array }, lse };
      });
    expect(
      (
        await judgeKernel(
          weightsReading,
          withoutNumbers((row) => row === 2),
          some,
        )
      ).status,
    ).toBe('undecided');
    // the first 3 of 5 queries come before both keys
    const dims = { ...some.dims, m: 5, n: 2 };
    const empty = { ...some, dims, dialect: { causal: 'bottom-right', emptyOutput: 'nan' } } as unknown as Case;
    expect(
      (
        await judgeKernel(
          weightsReading,
          withoutNumbers((row) => row % 5 < 3),
          empty,
        )
      ).status,
    ).toBe('pass');
  });

  it('are not read where the values are what the case is about, or too many calls would be needed', () => {
    const cases: [Partial<Case>, boolean][] = [
      [{}, true],
      [{ operator: 'linear' }, true],
      [{ operator: 'retention' }, true],
      [{ operator: 'retention', options: { initial: true } }, false],
      [{ operator: 'rollout' }, false],
      [{ operator: 'logquant' }, false],
      [{ operator: 'norm-attention' }, false],
      [{ values: { distribution: 'visibility', seed: 1 } }, false],
      [{ values: { distribution: 'poison', seed: 1, poison: 'nan' } }, false],
      [{ values: { distribution: 'targeted', seed: 1 } }, false],
      [{ dims: { ...some.dims, n: 257, e: 64 } }, false],
      [{ dims: { ...some.dims, n: 200, e: 1 } }, false],
      [{ dims: { ...some.dims, b: 1000, m: 1000 } }, false],
    ];
    for (const [change, isRead] of cases) {
      const call = { command: 'forward', case: { ...some, ...change } as Case } as const;
      expect(weightsReadingOf(Claims.of(library, claims()), call) !== undefined, JSON.stringify(change)).toBe(isRead);
    }
  });
});

/** A kernel whose backward pass computes with other tensors than it is given, or for another case. */
const backwardGiven = (change: (call: Call) => Partial<Call['tensors']>, other: Partial<Case> = {}): Kernel => {
  const right = referenceWith();
  return {
    ...right,
    backward: (call) =>
      right.backward?.({
        ...call,
        case: { ...call.case, ...other },
        tensors: { ...call.tensors, ...change(call) } as Call['tensors'],
      }) as never,
  };
};

const gradients = claims({ gradients: ['q', 'k', 'v'] });

/** Rows of one query each, multiplied. */
const scaledQueries = (tensor: Tensor, { dims: { m } }: Case, by: (query: number) => number) =>
  tensorOf(
    tensor.dtype as 'f32',
    tensor.shape,
    valuesOf(contiguous(tensor)).map((x, at) => x * by(Math.floor(at / tensor.shape[3]) % m)),
  );

describe('the weights of a row of the backward pass', () => {
  it('are right where the kernel is', async () => {
    expect((await judgeKernel(backwardReading, referenceWith(), some, gradients)).status).toBe('pass');
  });

  it.each([
    [
      'keys are read as others',
      backwardGiven(({ tensors: { k }, case: c }) => ({ k: scaled(k, c, (key) => (key === 4 ? -1 : 1)) })),
      /: .*key 4 of 20 has [\d.]+ times its weight; /,
    ],
    ['no key is hidden', backwardGiven(() => ({}), { mask: { name: 'full' } }), / weight, [\d.]+ in all, but must have none; /],
    [
      'a query is lost',
      backwardGiven(({ tensors: { do: cotangent }, case: c }) => ({ do: scaledQueries(cotangent, c, (query) => Number(query !== 1)) })),
      /^in the backward pass, as dv shows, query 1 of head \d of batch entry \d, one of 8 rows that are wrong: .* no weight; together 0, not 1/,
    ],
  ])('are described where %s', async (_, kernel, text) => {
    const judgement = await judgeKernel(backwardReading, kernel, some, gradients);
    expect(judgement).toMatchObject({ status: 'fail', class: 'weights', message: expect.stringMatching(text) });
    expect(judgement).toMatchObject({ message: expect.stringMatching(/^in the backward pass, as dv shows, query /) });
    expect((await judgeKernel(weightsReading, kernel, some, gradients)).status).toBe('pass');
  });

  it('are those of a row without keys too, which has none', async () => {
    // the first 2 of 3 queries come before the key
    const empty = { ...some, dims: { ...some.dims, m: 3, n: 1 } } as Case;
    const asked = (kernel: Kernel) => judgeKernel(backwardReading, kernel, empty, gradients);
    expect((await asked(referenceWith())).status).toBe('pass');
    const seeing = { mask: { name: 'full' } } as const;
    expect(await asked(backwardGiven(() => ({}), seeing))).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(
        /query [01] of head \d of batch entry \d, one of 16 rows that are wrong: .* weight, 1 in all, but must have none; together 1, not 0$/,
      ),
    });
    const withoutNumbers = backwardGiven(
      ({ tensors }) => ({ do: scaledQueries(tensors.do, empty, (query) => (query < 2 ? Number.NaN : 1)) }),
      seeing,
    );
    expect((await asked(withoutNumbers)).status).toBe('undecided');
    // no row of the forward pass is left to read
    const none = { ...some, dims: { ...some.dims, m: 1 }, mask: { not: { name: 'full' } } } as unknown as Case;
    expect((await judgeKernel(weightsReading, referenceWith(), none)).status).toBe('undecided');
  });

  it('are not read where dv is not claimed', () => {
    const call = { command: 'backward', case: some } as const;
    const reading = (named: string[]) => weightsReadingOf(Claims.of(library, claims({ gradients: named as never })), call);
    expect([reading(['q', 'k', 'v']), reading(['q', 'k'])]).toEqual([backwardReading, undefined]);
  });
});

describe('a failure that nothing explains', () => {
  it('says which weights are wrong', async () => {
    const { failure } = await checked(everyEighthValueLost, 'softmax/full/oracle/f32');
    expect(failure?.hint).toBeUndefined();
    expect(failure?.weights).toMatch(
      /^query \d+(, one of \d+ rows that are wrong)?: the first 7 of 8 keys have their weight, key 7 of 8 has no weight; together 0\.\d+, not 1$/,
    );
  });

  it('says which weights of the backward pass are wrong', async () => {
    const lost = backwardGiven(({ tensors: { k }, case: c }) => ({ k: scaled(k, c, (key) => (key % 8 === 7 ? 1 / 2 : 1)) }));
    const { failure } = await checked(lost, 'softmax/full/gradient/f32', { gradients: ['q', 'k', 'v'] });
    expect(failure?.hint).toBeUndefined();
    expect(failure?.weights).toMatch(
      /^in the backward pass, as dv shows, query \d+.*; as if the score of key 7 of \d+ was [\d.]+ too (high|low)$/,
    );
  });

  it('says that those of the backward pass are right where only dq is wrong', async () => {
    const right = referenceWith();
    const smaller: Kernel = {
      ...right,
      async backward(call) {
        const outputs = (await right.backward?.(call)) as Awaited<ReturnType<NonNullable<Kernel['backward']>>>;
        const { dq } = outputs;
        return {
          ...outputs,
          dq: tensorOf(
            'f32',
            dq.shape,
            valuesOf(contiguous(dq)).map((x) => x * (1 + x / 8)),
          ),
        };
      },
    };
    const { failure } = await checked(smaller, 'softmax/full/gradient/f32', { gradients: ['q', 'k', 'v'] });
    expect(failure?.hint).toBeUndefined();
    expect(failure?.weights).toBe(
      'every weight is right in the backward pass, as dv shows with a one-hot do: the fault lies in the other factors of dq',
    );
  });

  it('says that they are right where only the values are', async () => {
    // the second channel of a value is read a little too large
    const squared = given(({ v }) => ({
      v: tensorOf(
        'f32',
        v.shape,
        valuesOf(contiguous(v)).map((x) => (x === 0 || x === 1 ? x : x * (1 + x / 8))),
      ),
    }));
    const { failure } = await checked(squared, 'softmax/full/oracle/f32');
    expect(failure?.hint).toBeUndefined();
    expect(failure?.weights).toMatch(/^every weight is right/);
  });
});
