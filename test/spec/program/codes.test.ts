import { describe, expect, it } from 'vitest';
import { evaluateProgram } from '../../../spec/program/run.js';
import type { Operator, Statement } from '../../../spec/types/documents.js';
import { faultOfOperator, inputsFor, programOf } from './fixtures.js';

const program = (statements: Statement[], outputs: string[], more: Partial<Operator> = {}): Operator => ({
  ...programOf({ x: ['n'], s: [] }, statements, outputs),
  ...more,
});

/** Codes of numbers over a scale, and their bounds. */
function encoded(x: number[], s: number, attributes: Record<string, string | boolean>) {
  const operator = program([['o', ['encode', 'x', { over: 's', ...attributes }]]], ['o'], { codes: { o: attributes.format as 'e4m3' } });
  const inputs = inputsFor(operator, { sizes: { n: x.length }, dtype: 'f32' });
  const given = {
    x: { axes: ['n'], shape: [x.length], value: Float64Array.from(x, Math.fround) },
    s: { axes: [], shape: [], value: Float64Array.of(s) },
  };
  const { o } = evaluateProgram(operator, { ...inputs, tensors: given });
  return { codes: [...o.value], bound: [...(o.bound ?? new Float64Array(x.length))] };
}

describe('encode', () => {
  it('decides a tie over a power of two, and leaves one over another scale open by a code', () => {
    const s = Math.fround(0.3);
    expect(encoded([17, 19, 2.125], 1, { format: 'e4m3' })).toEqual({ codes: [0x58, 0x5a, 0x40], bound: [0, 0, 0] });
    expect(encoded([17 / 4], 0.25, { format: 'e4m3' }).bound).toEqual([0]);
    expect(encoded([17 * s, 17.5 * s], s, { format: 'e4m3' }).bound).toEqual([1, 0]);
  });

  it('decides an exact quotient over any scale where the rule multiplies with no reciprocal', () => {
    expect(encoded([448, 896, 450], 448, { format: 'e8m0', round: 'up', divides: true })).toEqual({
      codes: [127, 128, 128],
      bound: [0, 0, 0],
    });
    expect(encoded([448], 448, { format: 'e8m0', round: 'up' }).bound).toEqual([1]);
  });

  it('decides the tie of a product that the accumulator holds, and leaves that of another open', () => {
    const times = (x: number[], by: number) => {
      const operator = program([['o', ['encode', 'x', { times: 's', format: 'int8' }]]], ['o'], { codes: { o: 'int8' } });
      const tensors = {
        x: { axes: ['n'], shape: [x.length], value: Float64Array.from(x, Math.fround) },
        s: { axes: [], shape: [], value: Float64Array.of(Math.fround(by)) },
      };
      const { o } = evaluateProgram(operator, { ...inputsFor(operator, { sizes: { n: x.length }, dtype: 'f32' }), tensors });
      return { codes: [...o.value], bound: [...(o.bound ?? new Float64Array(x.length))] };
    };
    expect(times([0.5, 1.5, -2.5, 0, -Infinity], 1)).toEqual({ codes: [0, 2, -2, 0, -128], bound: [0, 0, 0, 0, 0] });
    expect(times([2, 6, 10, 9], 0.25)).toEqual({ codes: [0, 2, 2, 2], bound: [0, 0, 0, 0] });
    expect(times([2.5 / Math.fround(0.3), 3 / Math.fround(0.3)], 0.3).bound).toEqual([1, 0]);
  });

  it('leaves what rounds to the largest number or to NaN open only at that edge', () => {
    const s = Math.fround(0.3);
    expect(encoded([464 * s, 463 * s, 466 * s], s, { format: 'e4m3', overflow: 'nan' }).bound).toEqual([1, 0, 0]);
    expect(encoded([464 * s], s, { format: 'e4m3' }).bound).toEqual([0]);
  });

  it('decides the sign of a zero, and of what rounds to one, over any scale', () => {
    const s = Math.fround(0.3);
    expect(encoded([0, -0, 1e-20, -1e-20], s, { format: 'e4m3' })).toEqual({ codes: [0, 0x80, 0, 0x80], bound: [0, 0, 0, 0] });
    expect(encoded([1e-45, -1e-45], s, { format: 'e2m1' })).toEqual({ codes: [0, 8], bound: [0, 0] });
  });

  it('leaves the sign open of a number whose own error reaches beyond 0', () => {
    const operator = program(
      [
        ['y', ['sub', 'x', 's']],
        ['o', ['encode', 'y', { over: 'x', format: 'e4m3' }]],
      ],
      ['o'],
      { codes: { o: 'e4m3' } },
    );
    const tensors = {
      x: { axes: ['n'], shape: [1], value: Float64Array.of(1), bound: Float64Array.of(1e-6) },
      s: { axes: [], shape: [], value: Float64Array.of(1) },
    };
    const { o } = evaluateProgram(operator, { ...inputsFor(operator, { sizes: { n: 1 }, dtype: 'f32' }), tensors });
    expect([...(o.bound ?? [])]).toEqual([1]);
  });

  it('gives the code of 0 over a scale of 0, with the sign', () => {
    expect(encoded([5, -5, 0], 0, { format: 'e2m1' })).toEqual({ codes: [0, 8, 0], bound: [0, 0, 0] });
  });
});

describe('decode', () => {
  it('has the bound of what an undecided code may stand for', () => {
    const operator = program([['o', ['decode', ['encode', 'x', { format: 'int8', over: 's' }], { format: 'int8' }]]], ['o']);
    const s = Math.fround(0.3);
    const tensors = {
      x: { axes: ['n'], shape: [2], value: Float64Array.of(Math.fround(2.5 * s), 2 * s) },
      s: { axes: [], shape: [], value: Float64Array.of(s) },
    };
    const { o } = evaluateProgram(operator, { ...inputsFor(operator, { sizes: { n: 2 }, dtype: 'f32' }), tensors });
    expect([...(o.bound ?? [])]).toEqual([1, 0]);
  });
});

describe('a program of codes', () => {
  const codes = { axes: ['n'], kind: 'code', format: 'e2m1', packed: true } as const;
  const faultOf = (term: Statement[1], more: Partial<Operator> = {}): string | undefined => {
    const operator = { ...program([['o', term]], ['o']), inputs: { x: ['n'], c: codes }, ...more } as Operator;
    return faultOfOperator(operator);
  };

  it('is held to the formats that it names', () => {
    const low = { format: 'e2m1', part: 'low' };
    expect(faultOf(['add', 'x', ['decode', 'c', low]])).toBeUndefined();
    expect(faultOf(['add', 'x', ['decode', 'c', { ...low, format: 'int4' }]])).toMatch(/found codes of e2m1, but "format" is int4/);
    expect(faultOf(['add', 'x', ['decode', 'c', { format: 'e2m1' }]])).toMatch(/say which with "part", low or high/);
    expect(faultOf(['add', 'x', 'c'])).toMatch(/found a code, must be a number/);
    expect(faultOf(['add', 'x', ['decode', 'x', low]])).toMatch(/found a number, must be a code/);
    expect(faultOf(['encode', 'x', { format: 'e4m3' }])).toMatch(/\$\.outputs\.o: found a code of e4m3: name it under "codes"/);
    expect(faultOf(['encode', 'x', { format: 'e4m3' }], { codes: { o: 'e5m2' } })).toMatch(/must be a code of e5m2/);
    expect(faultOf(['encode', 'x', { format: 'e4m3', over: 'x', times: 'x' }], { codes: { o: 'e4m3' } })).toMatch(/give one of them/);
    expect(faultOf(['encode', 'x', { round: 'even' }], { codes: { o: 'e4m3' } })).toMatch(/"format" is missing/);
  });
});
