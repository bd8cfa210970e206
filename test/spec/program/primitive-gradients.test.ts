import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../spec/program/build.js';
import { bindingWith } from '../../../spec/program/check.js';
import { differentiate } from '../../../spec/program/differentiate.js';
import type { Primitive } from '../../../spec/program/primitive.js';
import { recovered } from '../../../spec/program/recovered.js';
import { primitives } from '../../../spec/program/registry.js';
import { evaluateProgram, type ProgramInputs } from '../../../spec/program/run.js';
import type { Term } from '../../../spec/types/documents.js';
import { expectGradients } from './finite-differences.js';
import { inputsFor, programOf, randomCotangents } from './fixtures.js';

/** Those of x and y, and of axes that terms make: n in k blocks of r, and a and c, or n and c, as one. */
const sizes = { a: 2, c: 3, n: 4, k: 2, r: 3, ac: 5, nc: 7 };

/** Terms over x [a, n] and y [c, n] for primitives that have something special. */
const terms: Record<string, Term[]> = {
  add: [
    ['add', 'x', 'y'],
    ['add', 'x', 'x'],
  ],
  sub: [['sub', 'x', 'y']],
  mul: [
    ['mul', 'x', 'y'],
    ['mul', 'x', 'x'],
  ],
  div: [['div', 'x', ['add', ['mul', 'y', 'y'], 1]]],
  scale: [['scale', -2.5, ['add', 'x', 'y']]],
  tanh: [['tanh', ['add', 'x', 'y']]],
  exp: [['exp', ['mul', 'x', 'y']]],
  log: [['log', ['add', 2, ['mul', 'x', 'y']]]],
  predicate: [['where', ['predicate', ['<', ['+', 'a', 'n', 'offset'], 3], 'a', 'n'], 'x', 'y']],
  topk: [['where', ['topk', ['add', 'x', 'z'], 'n', 1, 2], 'x', 'y']],
  elu1: [['elu1', ['sub', 'x', 'y']]],
  positive: [['where', ['positive', ['add', 'x', 'y']], 'x', 'y']],
  where: [
    ['where', ['positive', 'x'], ['scale', 3, 'x'], 'y'],
    ['where', ['positive', 'y'], 2, 'x'],
  ],
  sum: [['mul', ['sum', 'x', 'n'], ['sum', 'y', 'c', 'n']]],
  expand: [
    ['mul', ['expand', ['sum', 'x', 'n'], 'c'], 'y'],
    ['expand', 'x', 'c'],
  ],
  cumsum: [
    ['mul', ['cumsum', 'x', 'n'], 'y'],
    ['mul', ['cumsum', 'x', 'n', { reverse: true }], 'y'],
    ['cumsum', ['mul', 'x', 'y'], 'a'],
    ['mul', ['cumsum', 'x', 'n', { decay: 'z' }], 'y'],
    ['cumsum', ['mul', 'x', 'y'], 'n', { decay: 'z', reverse: true }],
  ],
  dot: [
    ['dot', 'x', 'y', 'n'],
    ['dot', 'x', ['mul', 'x', 'y'], 'a', 'n'],
    ['dot', 'x', 'x', 'a'],
  ],
  softmax: [
    ['mul', ['softmax', 'x', 'n'], 'y'],
    ['softmax', ['mul', 'x', 'y'], 'c'],
    ['mul', ['softmax', 'x', 'n', { where: 'mask', sink: 'z' }], 'y'],
    ['mul', ['softmax', 'x', 'n', { sink: 'z' }], 'y'],
  ],
  logsumexp: [
    ['mul', ['logsumexp', 'x', 'n', { sink: 'z' }], 'y'],
    ['logsumexp', ['add', 'x', 'y'], 'n'],
    ['logsumexp', 'x', 'n', { where: 'mask' }],
  ],
  index: [['mul', 'x', ['index', 'n']]],
  position: [['mul', 'y', ['position', 'c']]],
  split: [['mul', ['split', ['mul', 'x', 'x'], 'n', 'k', 'r'], ['sum', 'y', 'n']]],
  join: [['mul', ['join', ['mul', ['split', ['mul', 'x', 'y'], 'n', 'k', 'r'], 'z'], 'k', 'r', 'n'], 'x']],
  window: [1, -3, 6].map((offset) => ['mul', ['window', 'x', 'n', 'r', offset], ['split', 'y', 'n', 'k', 'r']]),
  overlap: [1, -3, 6].map((offset) => ['mul', ['overlap', ['mul', 'x', ['sum', 'y', 'n']], 'n', 'c', offset], 'x']),
  part: [['mul', ['part', 'x', 'n', 1, 4, 'r'], ['split', 'y', 'n', 'k', 'r']]],
  place: [['mul', ['place', 'x', 'n', 2, 6, 'nc'], ['sum', 'y', 'n']]],
  concat: [
    ['mul', ['concat', 'x', ['sum', 'y', 'n'], 'n', 'c', 'nc'], 'y'],
    ['concat', ['mul', 'x', 'x'], ['mul', 'y', 'y'], 'a', 'c', 'ac'],
  ],
  slice: [['mul', ['slice', 'x', 'n', 2], 'y']],
  rotate: [
    ['mul', ['rotate', 'x', 'n'], ['mul', 'x', 'y']],
    ['mul', ['rotate', 'y', 'n', { layout: 'pairs' }], ['mul', 'x', 'y']],
  ],
  gather: [
    ['mul', ['gather', 'x', 'n', ['sub', ['index', 'c'], 1]], 'y'],
    ['mul', ['gather', 'x', 'n', ['add', ['index', 'a'], ['index', 'c']]], 'y'],
    ['mul', ['gather', 'x', 'n', ['sub', 4, ['index', 'n']]], 'y'],
  ],
  scatter: [
    ['mul', ['scatter', 'x', ['sub', ['index', 'n'], 1], 'c', 'n'], 'y'],
    ['mul', ['scatter', 'x', ['where', ['predicate', ['<', 'n', 2], 'n'], 1, ['index', 'n']], 'c', 'n'], 'y'],
    ['scatter', ['mul', 'x', 'y'], ['add', ['index', 'a'], ['index', 'n']], 'nc', 'a', 'n'],
    ['mul', ['scatter', 'x', ['sub', 4, ['index', 'n']], 'n', 'n'], 'y'],
    ['scatter', ['sum', 'y', 'n'], ['index', 'a'], 'n', 'c'],
  ],
};

/** Terms of a primitive: those above, or one of its parameters as they come. */
function termsOf(name: string): Term[] {
  if (terms[name]) return terms[name];
  const tensors = ['x', 'y', 'z'];
  const { parameters } = primitives.get(name) as Primitive;
  const operands = parameters.map(({ kind }): Term => {
    if (kind === 'number') return tensors.shift() as Term;
    if (kind === 'boolean') return ['positive', tensors.shift() as Term];
    return kind === 'scalar' ? 2 : kind === 'expression' ? ['<', 'n', 2] : 'n';
  });
  return [[name, ...operands]];
}

describe('every primitive', () => {
  it('has its own terms under its name', () => {
    expect([...primitives.keys()]).toEqual(expect.arrayContaining(Object.keys(terms)));
  });

  it.each([...primitives.keys()])('%s has the gradient of finite differences', (name) => {
    for (const term of termsOf(name)) {
      const operator = programOf({ x: ['a', 'n'], y: ['c', 'n'], z: ['a'] }, [
        ['out', ['mul', term, ['add', 1, ['mul', 'x', ['mul', 'y', 'z']]]]],
      ]);
      const inputs = { ...inputsFor(operator, { sizes, seed: 11, offset: 2 }) };
      const given = JSON.stringify(term).includes('mask') ? { ...inputs, ...maskOver(inputs.sizes) } : inputs;
      const cotangents = randomCotangents(operator, given, evaluateProgram(operator, given), 12);
      expectGradients(operator, given, cotangents);
    }
  });

  it.each([...primitives.keys()])('%s has a gradient in the language, and so has that one', (name) => {
    for (const term of termsOf(name)) {
      const operator = programOf({ x: ['a', 'n'], y: ['c', 'n'], z: ['a'] }, [['out', term]]);
      const { graph, inputs, outputs } = buildProgram(operator, {
        ...bindingWith(operator, [], true),
        sizes: { ...bindingWith(operator, [], true).sizes, ...sizes },
      });
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
