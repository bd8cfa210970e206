import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateGradients, evaluateProgram, type ProgramInputs, type ProgramTensor } from '../../../spec/program/run.js';
import { floatFormats } from '../../../spec/tensor/dtype.js';
import { runsOf } from '../../some.js';
import { decayKernel, efficientKernel, linearKernel, type Results, softmaxKernel } from './f32-kernels.js';
import { inputsFor, operatorNamed, randomNumbers, randomTensor, type Setup, sizesUpTo } from './fixtures.js';

const u = floatFormats.f32.roundoff;

const dims = sizesUpTo({ b: 1, hk: 2, g: 2, m: 7, n: 40, d: 12, e: 6 });

/** Half of the range and the middle of q, and of v: plain, peaked, offset, tiny. */
const values = fc.constantFrom<[number, number][]>([1, 0], [0, 0], [25, 0], [1, 100], [4, -1], [1e-3, 0]);

/** The largest share of its bound that an error takes; NaN and what is beyond a bound fail at once. */
function largestShare(actual: Results, expected: Readonly<Record<string, ProgramTensor>>, names: readonly string[]): number {
  let largest = 0;
  for (const name of names) {
    const { value, bound } = expected[name];
    for (let i = 0; i < value.length; i++) {
      if (Object.is(actual[name][i], value[i])) continue;
      const e = bound?.[i] ?? 0;
      // the output's own rounding
      const allowed = e * (1 + u) + u * Math.abs(value[i]) + floatFormats.f32.smallestSubnormal;
      const error = Math.abs(actual[name][i] - value[i]);
      expect(error <= allowed, `${name}[${i}]: ${actual[name][i]} against ${value[i]} ± ${allowed}`).toBe(true);
      if (Number.isFinite(allowed)) largest = Math.max(largest, error / allowed);
    }
  }
  return largest;
}

function judge(name: string, setup: Setup, kernel: (inputs: ProgramInputs, dO: Float64Array, dLse: Float64Array) => Results): number {
  const operator = operatorNamed(name);
  const inputs = inputsFor(operator, { dtype: 'f32', ...setup });
  const outputs = evaluateProgram(operator, inputs);
  const next = randomNumbers((setup.seed ?? 1) + 1);
  const cotangents = Object.fromEntries(Object.entries(outputs).map(([output, t]) => [output, randomTensor(t.axes, inputs.sizes, next)]));
  const actual = kernel(inputs, cotangents.o.value, cotangents.lse?.value ?? new Float64Array(0));
  const forward = largestShare(actual, outputs, Object.keys(operator.outputs));
  return Math.max(
    forward,
    largestShare(
      actual,
      evaluateGradients(operator, inputs, cotangents),
      Object.keys(inputs.tensors).filter((input) => actual[input]),
    ),
  );
}

describe('bounds hold for a plain float32 implementation', () => {
  it('softmax, with options, masks, peaked and offset values', () => {
    let largest = 0;
    const options = fc.record({ scale: fc.constantFrom(undefined, 0.3, 1, 2), softcap: fc.constantFrom(undefined, 1, 20) });
    const present = fc.subarray(['bias', 'alibi', 'sink']);
    fc.assert(
      fc.property(
        dims,
        fc.nat(),
        options,
        present,
        fc.nat(4),
        values,
        values,
        ({ ...sizes }, seed, chosen, optional, kind, [qSpread], [vSpread, vShift]) => {
          const mask =
            kind === 0
              ? undefined
              : (_b: number, h: number, _g: number, i: number, j: number) => (kind < 3 ? j <= i + kind - 2 : (i + j + h) % kind !== 0);
          const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)) as Record<string, number>;
          const spread = { q: [qSpread, 0], v: [vSpread, vShift], bias: [3, 0], sink: [3, 0] } as const;
          const share = judge('softmax', { sizes, seed, options: given, present: optional, spread, ...(mask && { mask }) }, softmaxKernel);
          largest = Math.max(largest, share);
        },
      ),
      { numRuns: runsOf(100, 300) },
    );
    // a bound far above every error would see no fault
    expect(largest).toBeGreaterThan(0.05);
  });

  it.each(['linear', 'linear-causal'])('%s', (name) => {
    let largest = 0;
    fc.assert(
      fc.property(
        dims,
        fc.nat(),
        fc.constantFrom(undefined, 1e-6, 1e-2),
        values,
        values,
        values,
        (sizes, seed, eps, [q, qShift], [k, kShift], v) => {
          const spread = { q: [Math.min(q, 4), Math.min(qShift, 1)], k: [k, Math.min(kShift, 1)], v } as const;
          const share = judge(name, { sizes, seed, spread, options: eps === undefined ? {} : { eps } }, (inputs, dO) =>
            linearKernel(inputs, name === 'linear-causal', dO),
          );
          largest = Math.max(largest, share);
        },
      ),
      { numRuns: runsOf(50, 100) },
    );
    expect(largest).toBeGreaterThan(0.02);
  });

  it('linear-decay', () => {
    let largest = 0;
    const decays = fc.constantFrom(undefined, [0.25, 0.25] as const, [4, 4] as const);
    fc.assert(
      fc.property(dims, fc.nat(), decays, values, values, values, (sizes, seed, decay, q, k, v) => {
        const setup = { sizes, seed, present: decay ? ['decay'] : [], spread: { q, k, v, ...(decay && { decay }) } };
        largest = Math.max(largest, judge('linear-decay', setup, decayKernel));
      }),
      { numRuns: runsOf(60, 150) },
    );
    expect(largest).toBeGreaterThan(0.02);
  });

  it('efficient', () => {
    let largest = 0;
    fc.assert(
      fc.property(dims, fc.nat(), values, values, values, (sizes, seed, q, k, v) => {
        largest = Math.max(largest, judge('efficient', { sizes, seed, spread: { q, k, v } }, efficientKernel));
      }),
      { numRuns: runsOf(60, 150) },
    );
    expect(largest).toBeGreaterThan(0.05);
  });
});
