import type { Primitive } from '../../../spec/program/primitive.js';
import { primitives } from '../../../spec/program/registry.js';
import type { Term } from '../../../spec/types/documents.js';

/** Sizes of the axes of the terms; c2 is as long as c. Terms make n in k blocks of r, and a and c, or n and c, as one. */
export const termSizes = { a: 2, c: 3, n: 4, c2: 3, k: 2, r: 3, ac: 5, nc: 7 };

/** Axes of the inputs of the terms. */
export const termInputs = { x: ['a', 'n'], y: ['c', 'n'], z: ['a'] };

/** A selection by a boolean. */
const chosenBy = (condition: Term): Term => ['where', condition, 'x', 'y'];

const higher: Term = ['positive', ['sub', 'x', 'y']];
const lower: Term = ['positive', ['add', 'x', 'z']];

/** Terms over x [a, n], y [c, n] and z [a] for primitives that have something special. */
export const primitiveTerms: Readonly<Record<string, Term[]>> = {
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
  sin: [['sin', ['scale', 3, ['mul', 'x', 'y']]]],
  cos: [['cos', ['scale', 3, ['add', 'x', 'y']]]],
  erf: [['erf', ['scale', 2, ['sub', 'x', 'y']]]],
  sqrt: [['sqrt', ['add', 2, ['mul', 'x', 'y']]]],
  round: [['mul', 'x', ['round', ['scale', 3, 'y']]]],
  floor: [['add', ['mul', 'x', 'x'], ['floor', ['scale', 3, ['add', 'x', 'y']]]]],
  encode: [['mul', 'x', ['decode', ['encode', ['scale', 3, 'y'], { format: 'int8' }], { format: 'int8' }]]],
  decode: [['add', 'x', ['decode', ['encode', ['scale', 3, 'y'], { format: 'e2m1', round: 'down' }], { format: 'e2m1' }]]],
  max: [
    ['mul', ['max', 'x', 'n'], 'y'],
    ['max', ['mul', 'x', 'y'], 'c'],
    ['max', 'x', 'n', { where: 'mask' }],
    ['mul', ['max', 'z', 'a'], ['max', 'y', 'n']],
  ],
  and: [chosenBy(['and', higher, lower])],
  or: [chosenBy(['or', higher, lower])],
  not: [chosenBy(['not', higher])],
  rename: [
    ['mul', ['rename', 'y', 'c', 'c2'], 'x'],
    ['dot', ['rename', ['mul', 'y', 'y'], 'c', 'c2'], 'y', 'n'],
    ['where', ['rename', ['positive', 'y'], 'c', 'c2'], 'x', ['rename', 'y', 'c', 'c2']],
  ],
  exp: [['exp', ['mul', 'x', 'y']]],
  log: [['log', ['add', 2, ['mul', 'x', 'y']]]],
  predicate: [chosenBy(['predicate', ['<', ['+', 'a', 'n', 'offset'], 3], 'a', 'n'])],
  topk: [chosenBy(['topk', ['add', 'x', 'z'], 'n', 1, 2])],
  elu1: [['elu1', ['sub', 'x', 'y']]],
  positive: [chosenBy(['positive', ['add', 'x', 'y']])],
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
export function termsOf(name: string): Term[] {
  if (primitiveTerms[name]) return primitiveTerms[name];
  const tensors = ['x', 'y', 'z'];
  const { parameters } = primitives.get(name) as Primitive;
  const operands = parameters.map(({ kind }): Term => {
    if (kind === 'number') return tensors.shift() as Term;
    if (kind === 'boolean') return ['positive', tensors.shift() as Term];
    return kind === 'scalar' ? 2 : kind === 'expression' ? ['<', 'n', 2] : 'n';
  });
  return [[name, ...operands]];
}
