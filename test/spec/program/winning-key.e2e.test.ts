import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { evaluateGradients, evaluateProgram, type ProgramTensor } from '../../../spec/program/run.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { DType, Numeric } from '../../../spec/types/documents.js';
import { type Results, softmaxKernel } from './f32-kernels.js';
import { inputsFor, operatorNamed, programOf, randomCotangents, sizesUpTo } from './fixtures.js';

const operator = operatorNamed('softmax');

interface Imprecise {
  readonly dtype: DType;
  readonly numeric: Numeric;
  /** Half of the range of queries, biases and sinks. */
  readonly spreads: readonly [number, number];
  readonly recomputes: boolean;
  stored?(score: number): number;
}

/** Kernels whose scores err by 1 and more: in float32 where queries are huge, where an LSE says nothing of weights that are recomputed from it, and in bf16. */
const imprecise: readonly Imprecise[] = [
  { dtype: 'f32', numeric: {}, spreads: [2 ** 24, 2 ** 26], recomputes: false },
  { dtype: 'bf16', numeric: { scores: 'storage' }, spreads: [300, 3000], recomputes: true, stored: (x: number) => roundTo('bf16', x) },
];

const sharp = fc.record({
  sizes: sizesUpTo({ b: 1, hk: 2, g: 2, m: 5, n: 12, d: 8, e: 4 }),
  seed: fc.nat(),
  present: fc.subarray(['bias', 'sink']),
  large: fc.nat({ max: 1 }),
});

interface Tally {
  worst: number;
  decided: number;
  elements: number;
}
const none = (): Tally => ({ worst: 0, decided: 0, elements: 0 });

/** Adds the errors of results in bounds; what has an infinite one is undecided. */
function count(tally: Tally, actual: Results, expected: Readonly<Record<string, ProgramTensor>>): void {
  for (const [name, { value, bound = new Float64Array(value.length) }] of Object.entries(expected)) {
    for (const [i, x] of value.entries()) {
      tally.elements++;
      if (bound[i] === Infinity) continue;
      tally.decided++;
      if (!Object.is(actual[name][i], x))
        tally.worst = Math.max(tally.worst, Math.abs(actual[name][i] - x) / (bound[i] + 2 ** -24 * Math.abs(x)));
    }
  }
}

describe('a softmax of scores that err by more than weights can bear', () => {
  it.each(imprecise)('is decided where one element is far ahead, and a plain kernel keeps the bounds: $dtype', (profile) => {
    const { dtype, numeric, spreads, recomputes, stored } = profile;
    const [forward, backward] = [none(), none()];
    fc.assert(
      fc.property(sharp, ({ sizes, seed, present, large }) => {
        const wide = [spreads[large], 0] as const;
        const inputs = inputsFor(operator, { sizes, seed, dtype, numeric, present, spread: { q: wide, bias: wide, sink: wide } });
        const outputs = evaluateProgram(operator, inputs);
        const cotangents = randomCotangents(operator, inputs, outputs, seed + 1);
        const actual = softmaxKernel(inputs, cotangents.o.value, cotangents.lse.value, stored);
        count(forward, actual, outputs);
        count(backward, actual, evaluateGradients(operator, inputs, cotangents));
      }),
      { numRuns: 300 },
    );
    for (const { worst } of [forward, backward]) expect(worst).toBeLessThanOrEqual(1);
    for (const { decided, elements } of recomputes ? [forward, backward] : [forward]) expect(decided).toBeGreaterThan(0.9 * elements);
  });

  const weighed = programOf({ s: ['n'], v: ['n'] }, [
    ['p', ['softmax', 's', 'n']],
    ['o', ['dot', 'p', 'v', 'n']],
  ]);
  const boundOf = (...scores: number[]) => {
    const inputs = inputsFor(weighed, { sizes: { n: scores.length }, dtype: 'bf16' });
    inputs.tensors.s.value.set(scores);
    inputs.tensors.v.value.set(scores.map((_, at) => at + 1));
    const bound = inputs.tensors.s.value.map((x) => 2 ** -9 * Math.abs(x));
    return evaluateProgram(weighed, { ...inputs, tensors: { ...inputs.tensors, s: { ...inputs.tensors.s, bound } } }).o.bound?.[0];
  };

  it('has a bound that shows another element', () => {
    expect(boundOf(0, 6000, 4000)).toBeLessThan(0.1);
    expect(boundOf(6000)).toBeLessThan(0.1);
  });

  it('is undecided where two elements are as near as their errors, or a score may be infinite', () => {
    expect(boundOf(0, 6000, 5996)).toBe(Infinity);
    expect(boundOf(0, Infinity, 4000)).toBe(Infinity);
  });
});
