import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { evaluateGradients, evaluateProgram, type ProgramTensor } from '../../../spec/program/run.js';
import type { Term } from '../../../spec/types/documents.js';
import { inputsFor, programOf } from './fixtures.js';

const term: Term = ['max', 'x', 'n', { where: 'kept' }];
const operator = programOf({ x: ['n'], y: ['n'] }, [
  ['kept', ['positive', 'y']],
  ['out', term],
]);

/** An element: its value, its error bound, and whether it is kept, which may be undecided. */
interface Element {
  readonly x: number;
  readonly e?: number;
  readonly kept?: boolean | 'open';
}

function tensorsOf(list: readonly Element[]): Record<string, ProgramTensor> {
  const tensor = (value: number[], bound: number[]): ProgramTensor => ({
    axes: ['n'],
    value: Float64Array.from(value),
    bound: Float64Array.from(bound),
  });
  return {
    x: tensor(
      list.map(({ x }) => x),
      list.map(({ e = 0 }) => e),
    ),
    y: tensor(
      list.map(({ kept = true }) => (kept === 'open' ? 0.25 : kept ? 1 : -1)),
      list.map(({ kept }) => (kept === 'open' ? 0.5 : 0)),
    ),
  };
}

function largest(list: readonly Element[]): { r: number; e: number } {
  const inputs = { ...inputsFor(operator, { sizes: { n: list.length }, dtype: 'f32' }), tensors: tensorsOf(list) };
  const { out } = evaluateProgram(operator, inputs);
  return { r: out.value[0], e: out.bound?.[0] ?? 0 };
}

/** Gradient of x for a cotangent of 1: value and bound of each element. */
function gradient(list: readonly Element[]): [number, number][] {
  const inputs = { ...inputsFor(operator, { sizes: { n: list.length }, dtype: 'f32' }), tensors: tensorsOf(list) };
  const { x } = evaluateGradients(operator, inputs, { out: { axes: [], value: Float64Array.of(1) } });
  return Array.from(x.value, (value, i) => [value, x.bound?.[i] ?? 0]);
}

describe('max', () => {
  it('is the largest of what is kept, without error of its own', () => {
    expect(largest([{ x: 3 }, { x: 7, kept: false }, { x: 5 }])).toEqual({ r: 5, e: 0 });
  });

  it('is −∞, exactly, of nothing and of −∞', () => {
    expect(largest([{ x: 3, kept: false }])).toEqual({ r: -Infinity, e: 0 });
    expect(largest([{ x: -Infinity }, { x: -Infinity }])).toEqual({ r: -Infinity, e: 0 });
    expect(gradient([{ x: 3, kept: false }])).toEqual([[0, 0]]);
  });

  it('may be an element that may be kept, and is undecided where nothing else is', () => {
    expect(largest([{ x: 3 }, { x: 7, kept: 'open' }])).toEqual({ r: 7, e: 4 });
    expect(largest([{ x: 3 }, { x: 1, kept: 'open' }])).toEqual({ r: 3, e: 0 });
    expect(largest([{ x: 3, kept: 'open' }]).e).toBe(Infinity);
  });

  it('gives its gradient to the largest element', () => {
    expect(
      gradient([
        { x: 1, e: 0.5 },
        { x: 3, e: 0.5 },
        { x: 9, kept: false },
      ]),
    ).toEqual([
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
  });

  it.each<[string, Element[]]>([
    ['equal elements', [{ x: 3 }, { x: 3 }]],
    [
      'elements whose errors overlap',
      [
        { x: 3, e: 0.5 },
        { x: 3.75, e: 0.5 },
      ],
    ],
  ])('lets each of %s have all of it, half of it or nothing', (_, list) => {
    for (const [value, bound] of gradient(list))
      for (const right of [0, 0.5, 1]) expect(Math.abs(right - value)).toBeLessThanOrEqual(bound);
  });

  const element = fc.record({
    x: fc.integer({ min: -3, max: 3 }),
    e: fc.constantFrom(0, 0.3, 1.2),
    kept: fc.constantFrom(true, true, false, 'open' as const),
    shift: fc.double({ min: -1, max: 1, noNaN: true }),
    takes: fc.boolean(),
  });

  test.prop([fc.array(element, { minLength: 1, maxLength: 7 })])(
    'holds for every value within errors, and so does its gradient',
    (list) => {
      const moved = list.flatMap(({ x, e, kept, shift, takes }, i) =>
        kept === true || (kept === 'open' && takes) ? [{ at: i, x: x + e * shift }] : [],
      );
      const best = moved.reduce((max, { x }) => Math.max(max, x), -Infinity);
      const { r, e } = largest(list);
      expect(best === r || e === Infinity || Math.abs(best - r) <= e * (1 + 1e-12)).toBe(true);
      const winner = moved.find(({ x }) => x === best)?.at;
      for (const [i, [value, bound]] of gradient(list).entries())
        expect(Math.abs((i === winner ? 1 : 0) - value)).toBeLessThanOrEqual(bound);
    },
  );
});
