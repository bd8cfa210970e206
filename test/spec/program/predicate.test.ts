import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evaluateExpression } from '../../../spec/expression/evaluate.js';
import { evaluateProgram } from '../../../spec/program/run.js';
import { elements } from '../../../spec/program/tensor.js';
import type { Term } from '../../../spec/types/documents.js';
import { expressions } from '../expression/expressions.js';
import { inputsFor, programOf, sizesUpTo } from './fixtures.js';

const axes = ['b', 'm', 'n'];

it('a predicate holds where its expression does, whichever of its axes is the longest', () => {
  const { boolean } = expressions([...axes, '#n', 'offset']);
  const places = sizesUpTo({ b: 3, m: 5, n: 5 });
  fc.assert(
    fc.property(boolean, places, (expression, sizes) => {
      const program = programOf({ x: axes }, [['out', ['where', ['predicate', expression as Term, ...axes], 1, 0]]]);
      const inputs = inputsFor(program, { sizes, dtype: 'f64' });
      const { out } = evaluateProgram(program, inputs);
      const value = [...Array(elements(axes, sizes)).keys()].map((at) => {
        const [b, m, n] = [Math.floor(at / sizes.n / sizes.m), Math.floor(at / sizes.n) % sizes.m, at % sizes.n];
        const names: Record<string, number> = { b, m, n, '#n': sizes.n, offset: inputs.offset };
        return evaluateExpression(expression, (name) => names[name]);
      });
      expect([...out.value]).toEqual(value);
    }),
  );
});
