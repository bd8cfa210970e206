import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../spec/program/build.js';
import { bindingWith } from '../../../spec/program/check.js';
import { differentiate } from '../../../spec/program/differentiate.js';
import { recovered } from '../../../spec/program/recovered.js';
import { primitives } from '../../../spec/program/registry.js';
import { evaluateGradients, evaluateProgram, type ProgramInputs } from '../../../spec/program/run.js';
import type { Operator } from '../../../spec/types/documents.js';
import { expectGradients } from './finite-differences.js';
import { inputsFor, programOf, randomCotangents } from './fixtures.js';
import { primitiveTerms, termInputs, termSizes, termsOf } from './primitive-terms.js';

describe('every primitive', () => {
  it('has its own terms under its name', () => {
    expect([...primitives.keys()]).toEqual(expect.arrayContaining(Object.keys(primitiveTerms)));
  });

  it.each([...primitives.keys()].filter((name) => name !== 'stop'))('%s has the gradient of finite differences', (name) => {
    for (const term of termsOf(name)) {
      const operator = programOf(termInputs, [['out', ['mul', term, ['add', 1, ['mul', 'x', ['mul', 'y', 'z']]]]]]);
      const inputs = { ...inputsFor(operator, { sizes: termSizes, seed: 11, offset: 2 }) };
      const given = JSON.stringify(term).includes('mask') ? { ...inputs, ...maskOver(inputs.sizes) } : inputs;
      const cotangents = randomCotangents(operator, given, evaluateProgram(operator, given), 12);
      expectGradients(operator, given, cotangents);
    }
  });

  it('stop lets no gradient through, and changes nothing of that of another path', () => {
    const stopped = programOf(termInputs, [['out', ['mul', ['stop', ['mul', 'x', 'y']], ['add', 'x', ['stop', 'z']]]]]);
    const inputs = inputsFor(stopped, { sizes: termSizes, seed: 11 });
    const outputs = evaluateProgram(stopped, inputs);
    const ones = { ...outputs.out, value: outputs.out.value.map(() => 1) };
    const { x, y, z } = evaluateGradients(stopped, inputs, { out: ones });
    const { a, n, c } = termSizes;
    for (let at = 0; at < a * n; at++) {
      let expected = 0;
      for (let k = 0; k < c; k++) expected += inputs.tensors.x.value[at] * inputs.tensors.y.value[k * n + (at % n)];
      expect(x.value[at]).toBeCloseTo(expected, 12);
    }
    expect(x.value.some((value) => value !== 0)).toBe(true);
    expect([...y.value, ...z.value].every((value) => value === 0)).toBe(true);
  });

  it.each([...primitives.keys()])('%s has a gradient in the language, and so has that one', (name) => {
    for (const term of termsOf(name)) {
      const operator: Operator = { ...programOf(termInputs, [['out', term]]), axes: { c2: { same: 'c' } } };
      const binding = bindingWith(operator, [], true);
      const { graph, inputs, outputs } = buildProgram(operator, { ...binding, sizes: { ...binding.sizes, ...termSizes } });
      const nodes = [...inputs.values()];
      let cotangents = new Map([...outputs.values()].map((node) => [node, graph.input('cotangent', node.type)]));
      for (let order = 1; order <= 3; order++) {
        const gradients = differentiate(graph, cotangents, nodes);
        cotangents = new Map([...gradients.values()].map((node, i) => [node, graph.input(`cotangent ${order} ${i}`, node.type)]));
      }
      // what a backward pass keeps has its value, and a bound of its own
      const known = [...primitives.values(), recovered];
      for (const node of graph.nodes) if (node.kind === 'apply') expect(known).toContain(node.primitive);
    }
  });
});

/** The mask has axes b hk g m n: sizes for all of them, and every third key of n hidden. */
function maskOver(own: Readonly<Record<string, number>>): Pick<ProgramInputs, 'sizes' | 'mask'> {
  const all = { ...own, b: 1, hk: 1, g: 1, m: 1 };
  return { sizes: all, mask: Uint8Array.from({ length: own.n }, (_, j) => (j % 3 === 1 ? 0 : 1)) };
}
