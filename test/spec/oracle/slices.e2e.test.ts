import { describe, expect, it } from 'vitest';
import type { ExpectedSlice } from '../../../spec/oracle/expected-slice.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { softmaxBackwardSlices } from '../../../spec/oracle/softmax-backward.js';
import { softmaxForwardSlices } from '../../../spec/oracle/softmax-forward.js';
import { tensor } from '../../../spec/tensor/tensor.js';
import { comparandsOf } from '../../../suites/judging/comparands.js';
import { compareOutput } from '../../../suites/judging/compare.js';
import { compareSlices } from '../../../suites/judging/compare-slices.js';
import { type Changes, targetedProblem } from './targeted.js';

const forms: readonly (readonly [string, Changes])[] = [
  ['causal, in bf16', { dtype: 'bf16', dims: { n: 333 } }],
  ['documents', { mask: { name: 'document-causal', parameters: { lengths: [100, 0, 37, 196] } }, dims: { n: 333 } }],
  ['heads that share keys', { dims: { b: 2, hk: 2, g: 2, n: 200 } }],
  ['decoding', { dims: { m: 3, n: 1000 }, mask: { name: 'full' } }],
  ['a sink', { options: { sink: true }, dims: { n: 256 } }],
  ['more queries than keys see', { mask: { name: 'sliding-window', parameters: { left: 20, right: 0 } }, dims: { m: 300, n: 200 } }],
];

describe.each(forms)('slices of what is expected: %s', (_, changes) => {
  const problem = targetedProblem(changes);
  const passes: readonly (readonly [boolean, () => Generator<ExpectedSlice>])[] = [
    [false, () => softmaxForwardSlices(problem, 70)],
    [true, () => softmaxBackwardSlices(problem, 70) as Generator<ExpectedSlice>],
  ];

  it.each(passes)('have every row once, with the values and bounds of the whole (gradients: %s)', (gradients, slices) => {
    const { outputs, empty } = expectationOf(problem, gradients);
    const seen = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, new Uint8Array(value.length)]));
    for (const { output, rows, width, expected, empty: own } of slices()) {
      const { value, bound } = outputs[output];
      rows.forEach((row, place) => {
        if (own) expect(own[place]).toBe(empty[row]);
        for (let x = 0; x < width; x++) {
          const [at, from] = [row * width + x, place * width + x];
          seen[output][at]++;
          const isSame = Object.is(expected.value[from], value[at]) || Math.abs(expected.value[from] - value[at]) <= 1e-6 * bound[at];
          if (!isSame || !(Math.abs(expected.bound[from] - bound[at]) <= 1e-9 * bound[at]))
            expect([output, row, x, expected.value[from], expected.bound[from]]).toEqual([output, row, x, value[at], bound[at]]);
        }
      });
    }
    for (const [name, counts] of Object.entries(seen)) expect([name, counts.every((count) => count === 1)]).toEqual([name, true]);
  });

  it.each(passes)('find the element that the whole finds (gradients: %s)', (gradients, slices) => {
    const expectation = expectationOf(problem, gradients);
    const answers = Object.fromEntries(
      Object.entries(expectation.outputs).map(([name, { shape, value }]) => {
        const data = Float32Array.from(value);
        data[Math.floor(0.7 * data.length)] += 1;
        return [name, tensor('f32', shape, data)];
      }),
    );
    const whole = comparandsOf(problem, expectation, answers).map(compareOutput);
    const parts = compareSlices(problem, slices(), answers);
    expect(parts.map(({ output }) => output).sort()).toEqual(whole.map(({ output }) => output).sort());
    for (const { output, worst, statistics } of whole) {
      const own = parts.find((part) => part.output === output);
      expect([output, own?.worst?.index, own?.worst?.class]).toEqual([output, worst?.index, worst?.class]);
      expect(own?.statistics.elements).toBe(statistics.elements);
    }
  });
});
