import { fc, test } from '@fast-check/vitest';
import { describe, expect, vi } from 'vitest';
import { hashOf } from '../../../spec/lib/hash.js';
import { type MatrixLoops, matrixLoops } from '../../../spec/matrix/loops.js';
import { softmaxBackward } from '../../../spec/oracle/softmax-backward.js';
import { softmaxForward } from '../../../spec/oracle/softmax-forward.js';
import type { Expectation } from '../../../spec/problem.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import { runsOf } from '../../some.js';
import { type Given, problem } from './problems.js';

const size = (min: number, max: number) => fc.integer({ min, max });

const masks: Record<string, (i: number, j: number, seed: number) => boolean> = {
  full: () => true,
  causal: (i, j) => j <= i + 30,
  window: (i, j) => Math.abs(i - j) < 25,
  holes: (i, j, seed) => hashOf(seed, i, j) % 4 > 0,
  blocks: (i, j, seed) => hashOf(seed, i >> 4, j >> 4) % 2 > 0,
};

/** Problems that are large enough for blocks of rows, with every option. */
const large: fc.Arbitrary<Given> = fc
  .record({
    dims: fc.record({ b: size(1, 2), hk: size(1, 2), g: size(1, 2), m: size(24, 75), n: size(60, 150), d: size(24, 45), e: size(24, 45) }),
    mask: fc.constantFrom(...Object.keys(masks)),
    dtype: fc.constantFrom('f64', 'f32', 'bf16'),
    numeric: fc.constantFrom(
      {},
      { partials: 'storage' },
      { scores: 'storage' },
      { products: 'tf32' },
      { flushToZero: true },
      { merge: 'weighted' },
    ),
    options: fc.subarray(['softcap', 'sink', 'alibi', 'bias']),
    special: fc.constantFrom(undefined, undefined, undefined, NaN, Infinity, 1e300),
    seed: fc.nat(),
  })
  .map(({ dims, mask, dtype, numeric, options, special, seed }): Given => {
    const tensor = (shape: number[], which: number) => ({
      shape,
      data: Float64Array.from({ length: shape.reduce((x, y) => x * y) }, (_, at) =>
        roundTo(dtype as 'f64', ((hashOf(seed, which, at) / 2 ** 32) * 4 - 2) * (hashOf(seed, which, at, 1) % 50 ? 1 : 0)),
      ),
    });
    const { b, hk, g, m, n, d, e } = dims;
    const bias = tensor([1, hk * g, m, n], 5);
    bias.data.forEach((_, at) => {
      if (hashOf(seed, 6, at) % 9 === 0) bias.data[at] = -Infinity;
    });
    const inputs = {
      q: tensor([b, hk * g, m, d], 0),
      k: tensor([b, hk, n, d], 1),
      v: tensor([b, hk, n, e], 2),
      do: tensor([b, hk * g, m, e], 3),
      dlse: tensor([b, hk * g, m], 4),
      ...(options.includes('bias') && { bias }),
      ...(options.includes('sink') && { sink: tensor([hk * g], 7) }),
      ...(options.includes('alibi') && { alibi: tensor([hk * g], 8) }),
    };
    if (special !== undefined) inputs.v.data[hashOf(seed, 9) % inputs.v.data.length] = special;
    // rows without a cotangent add nothing, and rows without keys neither
    inputs.do.data.fill(0, 3 * e, 5 * e);
    inputs.dlse.data.fill(0, 3, 5);
    return {
      dims,
      dtype: dtype as 'f64',
      numeric: numeric as Given['numeric'],
      inputs,
      options: {
        ...(options.includes('softcap') && { softcap: 2 }),
        ...Object.fromEntries(['sink', 'alibi', 'bias'].flatMap((name) => (options.includes(name) ? [[name, true]] : []))),
      },
      visible: (_b, _h, i, j) => i !== 7 && masks[mask](i, j, seed),
    };
  });

/** Values within the roundings of sums of the largest magnitudes here, bounds within those of a few hundred terms of one sign. */
function agree(actual: Expectation, expected: Expectation): void {
  expect(actual.empty).toEqual(expected.empty);
  for (const [name, { value, bound }] of Object.entries(expected.outputs)) {
    const got = actual.outputs[name];
    let largest = 0;
    for (const x of value) if (Math.abs(x) < Infinity) largest = Math.max(largest, Math.abs(x));
    const far = value.findIndex((x, at) => !(Object.is(got.value[at], x) || Math.abs(got.value[at] - x) <= 1e-12 * largest));
    const wide = bound.findIndex((x, at) => !(got.bound[at] === x || Math.abs(got.bound[at] - x) <= 1e-10 * x));
    expect([name, far, got.value[far], wide, got.bound[wide]]).toEqual([name, -1, value[far], -1, bound[wide]]);
  }
}

const none = () => undefined;

describe('blocks of rows', () => {
  test.prop([large], { numRuns: runsOf(25, 60) })('have the outputs and bounds of one row at a time', (given) => {
    const whole = problem(given);
    agree(softmaxForward(whole), softmaxForward(whole, undefined, none));
    const some = (_b: number, h: number, i: number) => (h + i) % 3 > 0;
    agree(softmaxForward(whole, some), softmaxForward(whole, some, none));
  });

  test.prop([large], { numRuns: runsOf(25, 60) })('have the gradients and bounds of one row at a time', (given) => {
    const whole = problem(given);
    agree(softmaxBackward(whole), softmaxBackward(whole, none));
  });

  test.prop([large])('are used', (given) => {
    fc.pre(given.inputs.v.data.every(Number.isFinite) && given.numeric?.flushToZero === undefined && given.numeric?.products !== 'tf32');
    const whole = problem({ ...given, visible: () => true });
    for (const run of [
      (loopsOf: typeof matrixLoops) => softmaxForward(whole, undefined, loopsOf),
      (loopsOf: typeof matrixLoops) => softmaxBackward(whole, loopsOf),
    ]) {
      const spread = vi.spyOn(matrixLoops() as MatrixLoops, 'spread');
      run(matrixLoops);
      expect(spread).toHaveBeenCalled();
      spread.mockRestore();
    }
  });
});
