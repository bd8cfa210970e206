import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { isStreamed } from '../../../spec/oracle/softmax-form.js';
import { streamedExpectation } from '../../../spec/oracle/streamed.js';
import type { Problem } from '../../../spec/problem.js';
import { interpret } from '../../../spec/program/interpret.js';
import type { Operator } from '../../../spec/types/documents.js';
import { operatorWith, plainInputs, scores } from '../program/fixtures.js';
import { type Given, givens, problem as problemOf } from './problems.js';

const where = { where: 'mask', emptyRow: '$emptyOutput' };
const log = { where: 'mask', emptyRow: '$emptyLse' };
const weights = ['p', ['softmax', 's', 'n', { ...where, sink: 'logit' }], { store: true }];

/** Ways to make the scores of the products: each in a program of its own, as no document of ours has them. */
const scored: Record<string, unknown[]> = {
  plain: [['s', ['dot', 'k', 'q', 'd']]],
  scaled: [['s', ['scale', 0.3, ['dot', 'q', 'k', 'd']]]],
  capped: [
    ['x', ['scale', '$scale', ['dot', 'q', 'k', 'd']]],
    ['s', ['scale', 2, ['tanh', ['scale', 0.5, 'x']]]],
  ],
  sloped: [
    ['x', ['scale', '$scale', ['dot', 'q', 'k', 'd']]],
    ['s', ['add', ['mul', ['sub', ['index', 'n'], ['position', 'm']], 'slope'], 'x']],
  ],
  biased: [
    ['x', ['dot', 'q', 'k', 'd']],
    ['s', ['add', 'table', 'x']],
  ],
  'biased by a second product': [
    ['x', ['dot', 'q', 'k', 'd']],
    ['r', ['scale', 0.25, ['dot', 'q', 'w', 'd']]],
    ['s', ['add', 'x', 'r']],
  ],
};

/** Ways to the values. */
const weighed: Record<string, unknown[]> = {
  plain: [['u', ['scale', 1, 'v']]],
  gated: [['u', ['mul', 'v', ['tanh', 'gate']]]],
  stored: [['u', ['mul', 'v', 'gate'], { store: 'always' }]],
};

function operatorOf(way: string, values: string): Operator {
  const program = [
    ...scored[way],
    ...(values === 'plain' ? [] : weighed[values]),
    weights,
    ['o', ['dot', 'p', values === 'plain' ? 'v' : 'u', 'n']],
    ['lse', ['logsumexp', 's', 'n', { ...log, sink: 'logit' }]],
  ];
  return operatorWith(
    program,
    {
      inputs: {
        ...plainInputs,
        ...(way === 'sloped' && { slope: ['hk', 'g'] }),
        ...(way === 'biased' && { table: ['b', 'hk', 'g', 'm', 'n'] }),
        ...(way.endsWith('product') && { w: ['b', 'hk', 'n', 'd'] }),
        ...(values !== 'plain' && { gate: ['b', 'hk', 'n', 'e'] }),
      },
      optional: { logit: ['hk', 'g'] },
      options: { scale: { default: ['/', 1, ['sqrt', '#d']], values: [1, 0.7] } },
    },
    ['o', 'lse'],
  );
}

/** A problem with the inputs of an operator, whatever they are called. */
function problemWith(operator: Operator, given: Given): Problem {
  const { dims, inputs } = given;
  const like = (of: string) => ({ ...inputs[of], data: inputs[of].data.map((x, at) => x / 2 + (at % 3) / 4) });
  const heads = dims.hk * dims.g;
  const own = {
    q: inputs.q,
    k: inputs.k,
    v: inputs.v,
    do: inputs.do,
    dlse: inputs.dlse,
    slope: inputs.alibi ?? { shape: [heads], data: Float64Array.from({ length: heads }, (_, at) => 0.1 * at) },
    table: {
      shape: [dims.b, heads, dims.m, dims.n],
      data: Float64Array.from({ length: dims.b * heads * dims.m * dims.n }, (_, at) => (at % 5) / 2 - 1),
    },
    w: like('k'),
    gate: like('v'),
    ...(inputs.sink && { logit: inputs.sink }),
  };
  const known = new Set([...Object.keys(operator.inputs), ...Object.keys(operator.optional ?? {}), 'do', 'dlse']);
  const chosen = Object.fromEntries(Object.entries(own).filter(([name]) => known.has(name)));
  const scale = given.options?.scale;
  const options: Given['options'] = typeof scale === 'number' ? { scale } : {};
  return { ...problemOf({ ...given, options, inputs: chosen }), operator };
}

describe('softmax attention in a program', () => {
  for (const way of Object.keys(scored)) {
    for (const values of Object.keys(weighed)) {
      it(`${way} scores, ${values} values: has the values of its program, forward and backward`, () => {
        const operator = operatorOf(way, values);
        fc.assert(
          fc.property(givens(), (given) => {
            const problem = problemWith(operator, given);
            for (const gradients of [false, true]) {
              const streamed = streamedExpectation(problem, gradients);
              const whole = interpret(problem, gradients);
              expect(streamed, 'is softmax attention').toBeDefined();
              expect(Object.keys(streamed?.outputs ?? {}).sort()).toEqual(Object.keys(whole.outputs).sort());
              expect(streamed?.empty.length).toBe(whole.empty.length);
              for (const [name, { value, shape }] of Object.entries(whole.outputs)) {
                expect(streamed?.outputs[name].shape, name).toEqual(shape);
                value.forEach((x, at) => {
                  const found = streamed?.outputs[name].value[at] as number;
                  if (Number.isFinite(x)) expect(Math.abs(found - x), name).toBeLessThan(1e-9 * (1 + Math.abs(x)));
                  else expect(found).toBe(x);
                });
              }
            }
          }),
          { numRuns: 25 },
        );
      });
    }
  }

  it('is not seen in a program that does anything else with its mask, its scores or its weights', () => {
    const softmax = ['softmax', 's', 'n', where];
    const others: Record<string, unknown[]> = {
      'sigmoid weights': [
        scores,
        ['w', ['div', 1, ['add', 1, ['exp', ['scale', -1, 's']]]]],
        ['o', ['dot', ['where', 'mask', 'w', 0], 'v', 'n']],
      ],
      'weights that are squared': [scores, ['p', softmax], ['o', ['dot', ['mul', 'p', 'p'], 'v', 'n']]],
      'a softmax without the mask': [scores, ['o', ['dot', ['softmax', 's', 'n'], 'v', 'n']]],
      'scores that are squared': [
        ['x', ['dot', 'q', 'k', 'd']],
        ['s', ['mul', 'x', 'x']],
        ['o', ['dot', softmax, 'v', 'n']],
      ],
      'a cap that is none': [
        ['s', ['scale', 2, ['tanh', ['scale', 0.4, ['dot', 'q', 'k', 'd']]]]],
        ['o', ['dot', softmax, 'v', 'n']],
      ],
      'a bias of the mask': [scores, ['t', ['add', 's', ['where', 'mask', 1, 2]]], ['o', ['dot', ['softmax', 't', 'n', where], 'v', 'n']]],
      'a program that asks for the mask': [
        ['s', ['when', 'mask', ['dot', 'q', 'k', 'd'], ['scale', 2, ['dot', 'q', 'k', 'd']]]],
        ['o', ['dot', softmax, 'v', 'n']],
      ],
      'weights over the queries': [scores, ['o', ['dot', ['softmax', 's', 'm', where], 'v', 'n']]],
      'an output that is scaled': [scores, ['o', ['scale', 2, ['dot', softmax, 'v', 'n']]]],
    };
    const given = fc.sample(givens(), { numRuns: 1, seed: 3 })[0];
    for (const [title, program] of Object.entries(others)) {
      const operator = operatorWith(program);
      expect(streamedExpectation(problemWith(operator, given), false), title).toBeUndefined();
      expect(isStreamed(operator), title).toBe(false);
    }
  });

  it('is interpreted where an unfused implementation would store its scores at other steps', () => {
    const program = [
      ['x', ['dot', 'q', 'k', 'd']],
      ['s', ['scale', 0.5, 'x']],
      ['o', ['dot', ['softmax', 's', 'n', where], 'v', 'n']],
    ];
    const given = fc.sample(givens('f16'), { numRuns: 1, seed: 3 })[0];
    const problem = problemWith(operatorWith(program), given);
    expect(streamedExpectation(problem, false)).toBeUndefined();
    const inline = [['s', ['scale', 0.5, ['dot', 'q', 'k', 'd']]], program[2]];
    const stored = { ...given, numeric: { scores: 'storage' } as const };
    expect(streamedExpectation(problemWith(operatorWith(inline), stored), false)).toBeDefined();
  });

  it('of documents of ours is what is computed row by row, whatever options it is given', () => {
    expect(operatorDocuments.filter(isStreamed).map(({ name }) => name)).toEqual(['softmax']);
  });
});
