import { describe, expect, it } from 'vitest';
import { evaluateProgram } from '../../../spec/program/run.js';
import type { Term } from '../../../spec/types/documents.js';
import { inputsFor, programOf } from './fixtures.js';

type Truth = 'true' | 'false' | 'open';
const truths: readonly Truth[] = ['true', 'false', 'open'];

/** Number whose sign is known, or not. */
const signs: Readonly<Record<Truth, { value: number; bound: number }>> = {
  true: { value: 1, bound: 0.5 },
  false: { value: -1, bound: 0.5 },
  open: { value: 0.25, bound: 0.5 },
};

function truthOf(term: Term, x: Truth, y: Truth = 'true'): Truth {
  const operator = programOf({ x0: ['m'], y0: ['n'] }, [
    ['x', ['positive', 'x0']],
    ['y', ['positive', 'y0']],
    ['out', ['where', term, 1, 0]],
  ]);
  const tensor = (axis: string, { value, bound }: { value: number; bound: number }) => ({
    axes: [axis],
    shape: [1],
    value: Float64Array.of(value),
    bound: Float64Array.of(bound),
  });
  const tensors = { x0: tensor('m', signs[x]), y0: tensor('n', signs[y]) };
  const { out } = evaluateProgram(operator, { ...inputsFor(operator, { sizes: { m: 1, n: 1 }, dtype: 'f32' }), tensors });
  if ((out.bound?.[0] ?? 0) > 0) return 'open';
  return out.value[0] === 1 ? 'true' : 'false';
}

describe('logic with three truths', () => {
  it.each(truths.flatMap((x) => truths.map((y) => [x, y] as const)))('of %s and %s', (x, y) => {
    const both = x === 'false' || y === 'false' ? 'false' : x === 'open' || y === 'open' ? 'open' : 'true';
    const either = x === 'true' || y === 'true' ? 'true' : x === 'open' || y === 'open' ? 'open' : 'false';
    expect(truthOf(['and', 'x', 'y'], x, y)).toBe(both);
    expect(truthOf(['or', 'x', 'y'], x, y)).toBe(either);
    // De Morgan
    expect(truthOf(['not', ['or', ['not', 'x'], ['not', 'y']]], x, y)).toBe(both);
  });

  it('leave a sum open by what an open condition may select, though it has selected nothing', () => {
    const program = programOf({ x: ['m'], y: ['m', 'n'] }, [['out', ['sum', ['where', ['positive', 'x'], 'y', 0], 'm']]]);
    const inputs = inputsFor(program, { sizes: { m: 2, n: 3 }, dtype: 'f32' });
    const x = { axes: ['m'], shape: [2], value: Float64Array.of(-0.25, -1), bound: Float64Array.of(0.5, 0.5) };
    const { out } = evaluateProgram(program, { ...inputs, tensors: { ...inputs.tensors, x } });
    expect([...out.value]).toEqual([0, 0, 0]);
    const first = inputs.tensors.y.value.slice(0, 3);
    for (const [i, y] of first.entries()) expect(out.bound?.[i]).toBeGreaterThanOrEqual(Math.abs(y));
  });

  it('of not', () => {
    expect(truths.map((x) => truthOf(['not', 'x'], x))).toEqual(['false', 'true', 'open']);
  });

  it('is exact of exact booleans, along all their axes', () => {
    const condition: Term = [
      'and',
      ['predicate', ['<', 'm', 1], 'm'],
      ['or', ['predicate', ['<', 'n', 1], 'n'], ['predicate', ['<', 1, 'n'], 'n']],
    ];
    const operator = programOf({ x: ['m', 'n'] }, [['out', ['where', condition, 'x', 0]]]);
    const inputs = inputsFor(operator, { sizes: { m: 2, n: 3 }, dtype: 'f32' });
    const { out } = evaluateProgram(operator, inputs);
    const [first, , third] = inputs.tensors.x.value;
    expect([...out.value]).toEqual([first, 0, third, 0, 0, 0]);
    expect(out.bound).toBeUndefined();
  });
});
