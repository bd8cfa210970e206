import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateGradients, evaluateProgram, type ProgramInputs } from '../../../spec/program/run.js';
import type { Term } from '../../../spec/types/documents.js';
import { inputsFor, operatorNamed, programOf, randomCotangents, type Setup } from './fixtures.js';

const operator = operatorNamed('softmax');
const sizes = { b: 2, hk: 2, g: 2, m: 4, n: 5, d: 3, e: 2 };

/** Fills the key and value slots that no query of the group sees. */
function poisoned(inputs: ProgramInputs, poison: number): ProgramInputs {
  const { b, hk, g, m, n, d, e } = inputs.sizes;
  const k = inputs.tensors.k.value.slice();
  const v = inputs.tensors.v.value.slice();
  for (let slot = 0; slot < b * hk * n; slot++) {
    const rows = Math.floor(slot / n) * g * m;
    const seen = Array.from({ length: g * m }, (_, r) => inputs.mask?.[(rows + r) * n + (slot % n)]).some((x) => x === 1);
    if (seen) continue;
    k.fill(poison, slot * d, (slot + 1) * d);
    v.fill(poison, slot * e, (slot + 1) * e);
  }
  return { ...inputs, tensors: { ...inputs.tensors, k: { ...inputs.tensors.k, value: k }, v: { ...inputs.tensors.v, value: v } } };
}

const setup: Setup = { sizes, dtype: 'f32', mask: (b, h, _g, i, j) => j <= i + b - 1 && j !== h + 1, offset: 1 };

describe('what is masked contributes exactly nothing', () => {
  it.each([NaN, Infinity, -Infinity, 1e300])('even where it is %s', (poison) => {
    fc.assert(
      fc.property(fc.nat(), fc.subarray(['sink', 'bias', 'alibi']), fc.boolean(), (seed, present, capped) => {
        const inputs = inputsFor(operator, { ...setup, seed, present, options: capped ? { softcap: 2 } : {} });
        const bad = poisoned(inputs, poison);
        const outputs = evaluateProgram(operator, inputs);
        expect(evaluateProgram(operator, bad)).toEqual(outputs);
        const cotangents = randomCotangents(operator, inputs, outputs, seed + 1);
        const gradients = evaluateGradients(operator, inputs, cotangents);
        for (const [name, { value, bound }] of Object.entries(evaluateGradients(operator, bad, cotangents))) {
          expect(value).toEqual(gradients[name].value);
          expect(bound).toEqual(gradients[name].bound);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('a bias of −∞ is a mask', () => {
    const { mask, ...open } = inputsFor(operator, setup);
    const bias = {
      axes: ['b', 'hk', 'g', 'm', 'n'],
      shape: [2, 2, 2, 4, 5],
      value: Float64Array.from(mask as Uint8Array, (x) => (x ? 0 : -Infinity)),
    };
    const masked = evaluateProgram(operator, { ...open, mask } as ProgramInputs);
    const biased = evaluateProgram(operator, { ...open, tensors: { ...open.tensors, bias } } as ProgramInputs);
    for (const name of ['o', 'lse']) expect(biased[name].value).toEqual(masked[name].value);
    expect(biased.o.bound?.every(Number.isFinite)).toBe(true);
  });
});

/** The first batch entry's first query sees nothing. */
const emptyFirst: Setup = { sizes, dtype: 'f32', mask: (b, _h, _g, i) => b > 0 || i > 0 };

describe('an empty row', () => {
  const row = (values: Float64Array | undefined) => values?.slice(0, sizes.e);

  it.each([
    ['zero', 0],
    ['nan', NaN],
  ])('has output %s, exactly', (emptyOutput, expected) => {
    const { o } = evaluateProgram(operator, inputsFor(operator, { ...emptyFirst, options: { emptyOutput } }));
    expect(row(o.value)).toEqual(new Float64Array(sizes.e).fill(expected));
    expect(row(o.bound)).toEqual(new Float64Array(sizes.e));
    expect(o.value.slice(sizes.e, sizes.e * sizes.m).every(Number.isFinite)).toBe(true);
  });

  it('has the mean over all keys by the dialect "mean"', () => {
    const inputs = inputsFor(operator, { ...emptyFirst, options: { emptyOutput: 'mean' } });
    const { o } = evaluateProgram(operator, inputs);
    for (let x = 0; x < sizes.e; x++) {
      let mean = 0;
      for (let j = 0; j < sizes.n; j++) mean += inputs.tensors.v.value[j * sizes.e + x] / sizes.n;
      expect(o.value[x]).toBeCloseTo(mean, 12);
      expect(o.bound?.[x]).toBeGreaterThan(0);
      expect(o.bound?.[x]).toBeLessThan(1e-5);
    }
  });

  it.each([
    ['-inf', -Infinity],
    ['+inf', Infinity],
    ['zero', 0],
    ['nan', NaN],
    ['finite', -Infinity],
  ])('has LSE %s, exactly', (emptyLse, expected) => {
    const { lse } = evaluateProgram(operator, inputsFor(operator, { ...emptyFirst, options: { emptyLse } }));
    expect(lse.value[0]).toBe(expected);
    expect(lse.bound?.[0]).toBe(0);
    expect(lse.value.slice(1, sizes.m).every(Number.isFinite)).toBe(true);
  });

  it('is none with a sink: output 0, and the sink for its LSE', () => {
    const inputs = inputsFor(operator, { ...emptyFirst, present: ['sink'], options: { emptyOutput: 'nan', emptyLse: 'nan' } });
    const { o, lse } = evaluateProgram(operator, inputs);
    expect(row(o.value)).toEqual(new Float64Array(sizes.e));
    expect(lse.value[0]).toBeCloseTo(inputs.tensors.sink.value[0], 12);
  });

  it.each(['zero', 'nan', 'mean'])('has zero gradients and harms no other row, with output %s', (emptyOutput) => {
    const inputs = inputsFor(operator, { ...emptyFirst, present: ['bias'], options: { emptyOutput, emptyLse: 'nan' } });
    const cotangents = randomCotangents(operator, inputs, evaluateProgram(operator, inputs), 9);
    const gradients = evaluateGradients(operator, inputs, cotangents);
    expect(gradients.q.value.slice(0, sizes.d)).toEqual(new Float64Array(sizes.d));
    expect(gradients.q.bound?.slice(0, sizes.d)).toEqual(new Float64Array(sizes.d));
    expect(gradients.bias.value.slice(0, sizes.n)).toEqual(new Float64Array(sizes.n));
    const silent = {
      ...cotangents,
      o: {
        ...cotangents.o,
        value: cotangents.o.value.map((x, i) => (i % (sizes.m * sizes.e) < sizes.e && i < sizes.hk * sizes.g * sizes.m * sizes.e ? 99 : x)),
      },
    };
    for (const [name, { value }] of Object.entries(evaluateGradients(operator, inputs, silent))) {
      expect(value.every(Number.isFinite)).toBe(true);
      expect(value).toEqual(gradients[name].value);
    }
  });
});

describe('structural zeros', () => {
  it('pass through products, sums and selections, not through what makes them numbers', () => {
    const inputs = {
      ...inputsFor(programOf({ x: ['m', 'n'] }, [['y', 'x']]), {
        sizes: { b: 1, hk: 1, g: 1, m: 1, n: 2, k: 2 },
        mask: (_b, _h, _g, _i, j) => j === 0,
      }),
    };
    const bad = { ...inputs, tensors: { x: { axes: ['m', 'n'], shape: [1, 2], value: Float64Array.of(1, NaN) } } };
    const p = ['softmax', 'x', 'n', { where: 'mask' }];
    const zeroOf = (term: (string | number | unknown[])[]) => evaluateProgram(programOf({ x: ['m', 'n'] }, [['y', term as never]]), bad).y;
    expect(zeroOf(['mul', p, 'x']).value).toEqual(Float64Array.of(1, 0));
    expect(zeroOf(['sum', ['mul', p, 'x'], 'n']).value).toEqual(Float64Array.of(1));
    expect(zeroOf(['cumsum', ['mul', 'x', p], 'n']).value).toEqual(Float64Array.of(1, 1));
    expect(zeroOf(['dot', 'x', p, 'n']).value).toEqual(Float64Array.of(1));
    expect(zeroOf(['add', p, p]).zero).toEqual(Uint8Array.of(0, 1));
    expect(zeroOf(['add', p, 1]).zero).toBeUndefined();
    expect(zeroOf(['where', ['positive', p], p, 0]).value).toEqual(Float64Array.of(1, 0));
    expect(zeroOf(['mul', 'x', 1]).value).toEqual(Float64Array.of(1, NaN));
    for (const name of ['stop', 'sin', 'erf', 'sqrt', 'round', 'floor', 'tanh'])
      expect(zeroOf([name, p]).zero, name).toEqual(Uint8Array.of(0, 1));
    for (const name of ['cos', 'exp']) expect(zeroOf([name, p]).zero, name).toBeUndefined();
    expect(zeroOf(['rename', p, 'n', 'k']).zero).toEqual(Uint8Array.of(0, 1));
    // nothing is marked where none is
    expect(zeroOf(['max', p, 'n']).zero).toBeUndefined();
    const none: Term = ['softmax', 'x', 'n', { where: 'mask', emptyRow: 'zero' }];
    expect(zeroOf(['max', ['where', ['predicate', ['<', 'n', 1], 'n'], 0, none], 'n']).zero).toEqual(Uint8Array.of(1));
  });
});
