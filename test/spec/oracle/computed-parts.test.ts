import fc from 'fast-check';
import { expect, it } from 'vitest';
import { streamedExpectation } from '../../../spec/oracle/streamed.js';
import { interpret } from '../../../spec/program/interpret.js';
import { operatorWith, plainInputs, scores } from '../program/fixtures.js';
import { givens, problem as problemOf } from './problems.js';

const program = [scores, ['p', ['softmax', 's', 'n', { where: 'mask', emptyRow: '$emptyOutput' }]], ['o', ['dot', 'p', 'v', 'n']]];

it.each([[['b', 'n', 'e'] as const], [['hk', 'n', 'e'] as const], [['n', 'e'] as const]])(
  'values with the axes %j alone are the same along every other axis',
  (axes) => {
    const operator = operatorWith(program, { inputs: { ...plainInputs, v: axes } });
    fc.assert(
      fc.property(givens(), (given) => {
        const shape = axes.map((axis) => given.dims[axis]);
        const data = Float64Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, at) => ((at * 7) % 11) / 5 - 1);
        const { q, k, do: cotangent } = given.inputs;
        const problem = { ...problemOf({ ...given, options: {}, inputs: { q, k, v: { shape, data }, do: cotangent } }), operator };
        const streamed = streamedExpectation(problem, false)?.outputs.o;
        const { value, shape: whole } = interpret(problem, false).outputs.o;
        expect(streamed?.shape).toEqual(whole);
        value.forEach((x, at) => {
          const found = streamed?.value[at] as number;
          if (Number.isFinite(x)) expect(Math.abs(found - x)).toBeLessThan(1e-9 * (1 + Math.abs(x)));
          else expect(found).toBe(x);
        });
        // their gradient would have to be summed over the other axes: the program is interpreted
        expect(streamedExpectation(problem, true)).toBeUndefined();
      }),
      { numRuns: 25 },
    );
  },
);
