import { expect } from 'vitest';
import { evaluateGradients, evaluateProgram, type ProgramInputs, type ProgramTensor } from '../../../spec/program/run.js';
import type { Operator } from '../../../spec/types/documents.js';

const step = 1e-5;

/** Σ outputs · cotangents; rows that are not finite by definition have no part in it. */
function loss(operator: Operator, inputs: ProgramInputs, cotangents: Readonly<Record<string, ProgramTensor>>): number {
  let total = 0;
  for (const [name, { value }] of Object.entries(evaluateProgram(operator, inputs))) {
    if (!cotangents[name]) continue;
    for (let i = 0; i < value.length; i++) if (Number.isFinite(value[i])) total += value[i] * cotangents[name].value[i];
  }
  return total;
}

function withElement(inputs: ProgramInputs, name: string, at: number, change: number): ProgramInputs {
  const value = inputs.tensors[name].value.slice();
  value[at] += change;
  return { ...inputs, tensors: { ...inputs.tensors, [name]: { ...inputs.tensors[name], value } } };
}

/** Every gradient agrees with central differences, to what their step allows. */
export function expectGradients(operator: Operator, inputs: ProgramInputs, cotangents: Readonly<Record<string, ProgramTensor>>): void {
  const gradients = evaluateGradients(operator, inputs, cotangents);
  expect(Object.keys(gradients).sort()).toEqual(Object.keys(inputs.tensors).sort());
  for (const [name, gradient] of Object.entries(gradients)) {
    expect(gradient.value.length).toBe(inputs.tensors[name].value.length);
    for (let i = 0; i < gradient.value.length; i++) {
      const above = loss(operator, withElement(inputs, name, i, step), cotangents);
      const below = loss(operator, withElement(inputs, name, i, -step), cotangents);
      const difference = (above - below) / (2 * step);
      expect(Math.abs(gradient.value[i] - difference), `d${name}[${i}]: ${gradient.value[i]} against ${difference}`).toBeLessThan(
        1e-7 * (1 + Math.abs(difference)),
      );
    }
  }
}
