import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withComputedAxes } from '../../../spec/operator/axes.js';
import { secondForm } from '../../../spec/operator/facts.js';
import { evaluateProgram, type ProgramInputs } from '../../../spec/program/run.js';
import type { Operator } from '../../../spec/types/documents.js';
import { inputsFor, operatorNamed, toUnitRows } from './fixtures.js';

const f = Math.fround;
const parallel = operatorNamed('gated-delta');
const recurrence = secondForm(parallel) as Operator;

/** The gated delta rule as a plain loop in float32, one head. */
function loop({ sizes: { n, d, e }, tensors }: ProgramInputs): { o: number[]; state: number[] } {
  const [q, k, v, gate, beta] = ['q', 'k', 'v', 'gate', 'beta'].map((name) => tensors[name].value);
  const scale = f(1 / f(Math.sqrt(d)));
  const s = new Float32Array(d * e);
  const o: number[] = [];
  for (let t = 0; t < n; t++) {
    const kept = f(Math.exp(gate[t]));
    for (let i = 0; i < s.length; i++) s[i] = kept * s[i];
    for (let y = 0; y < e; y++) {
      let read = 0;
      for (let x = 0; x < d; x++) read = f(read + f(s[x * e + y] * k[t * d + x]));
      const u = f(beta[t] * f(v[t * e + y] - read));
      let out = 0;
      for (let x = 0; x < d; x++) {
        s[x * e + y] = f(s[x * e + y] + f(k[t * d + x] * u));
        out = f(out + f(s[x * e + y] * q[t * d + x]));
      }
      o.push(f(scale * out));
    }
  }
  return { o, state: [...s] };
}

/** Inputs with keys of length 1, β in (0, 1) and the gates that documents draw. */
function drawn(n: number, size: number, seed: number): ProgramInputs {
  const sizes = withComputedAxes(parallel, { b: 1, hk: 1, g: 1, m: 1, n, d: size, e: size }, {});
  const spread = { gate: [0.5, -0.5], beta: [0.5, 0.5] } as const;
  const inputs = inputsFor(parallel, { sizes, seed, dtype: 'f32', spread });
  toUnitRows(inputs, f);
  return inputs;
}

describe('the bound of a recurrence', () => {
  it('holds for a plain loop in float32, and is within 1e-4 of the values at 128 tokens of 8 channels', () => {
    let largest = 0;
    const sizes = fc.constantFrom([128, 8], [1, 8], [31, 3], [64, 1]);
    fc.assert(
      fc.property(sizes, fc.nat(), ([n, size], seed) => {
        const inputs = drawn(n, size, seed);
        const actual: Record<string, number[]> = loop(inputs);
        for (const form of [parallel, recurrence])
          for (const [name, { value, bound = new Float64Array(value.length) }] of Object.entries(evaluateProgram(form, inputs))) {
            const most = Math.max(...value.map(Math.abs));
            if (size === 8 && form === recurrence) expect(Math.max(...bound) / most).toBeLessThan(1e-4);
            for (const [i, x] of actual[name].entries()) {
              const allowed = bound[i] + 2 ** -24 * Math.abs(value[i]);
              expect(Math.abs(x - value[i])).toBeLessThanOrEqual(allowed);
              if (allowed > 0) largest = Math.max(largest, Math.abs(x - value[i]) / allowed);
            }
          }
      }),
      { numRuns: 20 },
    );
    // a bound far above every error would see no fault
    expect(largest).toBeGreaterThan(0.05);
  });
});
