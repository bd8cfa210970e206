import { describe, expect, it } from 'vitest';
import { evaluateGradients, evaluateProgram } from '../../../spec/program/run.js';
import { expectGradients } from './finite-differences.js';
import { inputsFor, operatorNamed, operatorWith, randomCotangents, type Setup, scores } from './fixtures.js';

const sizes = { b: 2, hk: 2, g: 2, m: 3, n: 4, d: 3, e: 2 };

const softmaxSetups: Record<string, Partial<Setup>> = {
  plain: {},
  scale: { options: { scale: 0.7 } },
  softcap: { options: { softcap: 0.8 } },
  sink: { present: ['sink'] },
  bias: { present: ['bias'] },
  alibi: { present: ['alibi'], offset: 1 },
  causal: { mask: (_b, _h, _g, i, j) => j <= i + 1, offset: 1 },
  'a mask with empty rows': { mask: (b, _h, g, i, j) => j <= i - 1 + b && (j + g) % 2 === 0 },
  'everything at once': {
    present: ['sink', 'bias', 'alibi'],
    options: { scale: 1.3, softcap: 1.5 },
    mask: (b, h, g, i, j) => (b + h + g + i * j) % 3 !== 0,
    offset: 2,
  },
};

describe('gradients of operators are those of finite differences', () => {
  it.each(Object.keys(softmaxSetups))('softmax: %s', (name) => {
    const operator = operatorNamed('softmax');
    const inputs = inputsFor(operator, { sizes, seed: 3, ...softmaxSetups[name] });
    expectGradients(operator, inputs, randomCotangents(operator, inputs, evaluateProgram(operator, inputs), 4));
  });

  it.each(['linear', 'linear-causal', 'efficient'])('%s', (name) => {
    const operator = operatorNamed(name);
    const inputs = inputsFor(operator, { sizes, seed: 5 });
    expectGradients(operator, inputs, randomCotangents(operator, inputs, evaluateProgram(operator, inputs), 6));
  });

  it.each([
    ['linear-decay', []],
    ['linear-decay', ['decay']],
    ['linear-softmax', []],
    ['linear-softmax', ['decay']],
  ])('%s, with %j', (name, present) => {
    const operator = operatorNamed(name);
    const inputs = inputsFor(operator, { sizes, seed: 9, present, spread: { decay: [0.5, 0.5] } });
    expectGradients(operator, inputs, randomCotangents(operator, inputs, evaluateProgram(operator, inputs), 10));
  });

  it('with inputs that are the same along an axis', () => {
    const operator = operatorNamed('softmax');
    const inputs = inputsFor(operator, { sizes, seed: 7, present: ['bias'] });
    const bias = { axes: ['n', 'm'], shape: [4, 3], value: inputs.tensors.bias.value.slice(0, 12) };
    const shared = { ...inputs, tensors: { ...inputs.tensors, bias } };
    expectGradients(operator, shared, randomCotangents(operator, shared, evaluateProgram(operator, shared), 8));
  });

  it('of an output whose document leaves out an axis of size 1, which the program has by the mask', () => {
    const inputs = { q: ['b', 'm', 'd'], k: ['b', 'n', 'd'], v: ['b', 'n', 'e'] };
    const program = [scores, ['p', ['softmax', 's', 'n', { where: 'mask' }]], ['o', ['dot', 'p', 'v', 'n']]];
    const operator = operatorWith(program, { inputs, outputs: { o: ['b', 'm', 'e'] } });
    const given = inputsFor(operator, { sizes: { ...sizes, hk: 1, g: 1 }, seed: 11, mask: (_b, _h, _g, i, j) => j <= i + 1 });
    const { o } = randomCotangents(operator, given, evaluateProgram(operator, given), 12);
    expectGradients(operator, given, { o: { ...o, axes: ['b', 'm', 'e'] } });
  });

  it('is zero by an input that no output depends on', () => {
    const operator = operatorNamed('softmax');
    const inputs = inputsFor(operator, { sizes });
    const { lse } = randomCotangents(operator, inputs, evaluateProgram(operator, inputs), 2);
    const { v, q } = evaluateGradients(operator, inputs, { lse });
    expect(v.value).toEqual(new Float64Array(v.value.length));
    expect(q.value.some((x) => x !== 0)).toBe(true);
  });
});
