import { hashOf } from '../../dist/spec/lib/hash.js';
import { resolveNumeric } from '../../dist/spec/numeric/profile.js';
import { inputsOf, secondForm } from '../../dist/spec/operator/facts.js';
import { operatorDocuments } from '../../dist/spec/operators/index.js';
import { evaluateGradients, evaluateProgram, type ProgramInputs, type ProgramTensor } from '../../dist/spec/program/run.js';
import type { Operator } from '../../spec/types/documents.js';

/** A recurrence over 512 tokens with a state of 64 by 64, value and bound, forward and gradient: targets 10 s and 1 GB each; and twice as many tokens. */
export function benchFold(): void {
  const operator = secondForm(operatorDocuments.find(({ name }) => name === 'gated-delta') as Operator) as Operator;
  for (const n of [512, 1024]) {
    const inputs = inputsOfSize(operator, { b: 1, hk: 1, g: 1, m: 1, n, d: 64, e: 64 });
    const outputs = timed(`${n} steps of a fold`, () => evaluateProgram(operator, inputs));
    timed(`gradients of ${n} steps of a fold`, () => evaluateGradients(operator, inputs, outputs));
  }
}

function timed<T>(what: string, run: () => T): T {
  const begun = performance.now();
  const result = run();
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${what}: ${seconds.toFixed(1)} s, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB resident after it`);
  return result;
}

function inputsOfSize(operator: Operator, sizes: Record<string, number>): ProgramInputs {
  const tensors = Object.entries(inputsOf(operator)).flatMap(([name, { axes, draw, optional }], at): [string, ProgramTensor][] => {
    if (optional) return [];
    const size = axes.reduce((product, axis) => product * sizes[axis], 1);
    const uniform = (i: number) => hashOf(at, i) / 2 ** 32;
    const value = Float64Array.from({ length: size }, (_, i) => {
      if (draw === 'direction') return (2 * uniform(i) - 1) * Math.sqrt(3 / sizes.d);
      return draw === 'log-decay' ? -uniform(i) : uniform(i);
    });
    return [[name, { axes, value: value.map(Math.fround) }]];
  });
  return { sizes, tensors: Object.fromEntries(tensors), options: {}, offset: 0, profile: resolveNumeric('f32'), gradients: false };
}
