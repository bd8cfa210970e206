import { describe, expect, it } from 'vitest';
import { checkOperator } from '../../../spec/program/check.js';
import { checkOutputs } from '../../../spec/program/check-outputs.js';
import { evaluateGradients, evaluateProgram, type ProgramInputs } from '../../../spec/program/run.js';
import type { Operator, Term } from '../../../spec/types/documents.js';
import { inputsFor, operatorWith, programOf } from './fixtures.js';

const sizes = { a: 2, n: 5, r: 2, c: 3 };

/** Result of a term over x [a, n]. @param more tensors beside x. */
function evaluated(term: Term, more: ProgramInputs['tensors'] = {}) {
  const axes = Object.fromEntries(Object.entries(more).map(([name, t]) => [name, [...t.axes]]));
  const operator = programOf({ x: ['a', 'n'], ...axes }, [['out', term]]);
  const inputs = inputsFor(operator, { sizes, dtype: 'f32' });
  return evaluateProgram(operator, { ...inputs, tensors: { ...inputs.tensors, ...more } }).out;
}

describe('sizes that do not fit', () => {
  it.each<[string, Term, RegExp]>([
    ['split', ['split', 'x', 'n', 'a', 'r'], /the operand already has axis "a"/],
    ['split', ['split', 'x', 'n', 'c', 'c'], /axis "c" is named twice/],
    ['split', ['split', 'x', 'a', 'c', 'r'], /"a" has 2 elements, which are 1 blocks of 2 \("r"\); "c" has size 3/],
    ['join', ['join', 'x', 'n', 'a', 'c'], /"c" has 3 elements, which are 2 blocks of 2 \("a"\); "n" has size 5/],
    ['join', ['join', 'x', 'n', 'r', 'c'], /the operand has no axis "r"/],
    ['window', ['window', 'x', 'n', 'c', 0.5], /found 0\.5 for "offset", must be a whole number/],
    ['window', ['window', 'x', 'n', 'a', 0], /the operand already has axis "a"/],
    ['overlap', ['overlap', 'x', 'n', 'c', 0], /the operand has no axis "c"/],
    ['part', ['part', 'x', 'n', 3, 6, 'c'], /found the range from 3 to 6 of "n", which has size 5/],
    ['part', ['part', 'x', 'n', -1, 2, 'c'], /found the range from -1 to 2/],
    ['part', ['part', 'x', 'n', 1, 3, 'c'], /the range from 1 to 3 has length 2, but "c" has size 3/],
    ['place', ['place', 'x', 'a', 2, 4, 'c'], /found the range from 2 to 4 of "c", which has size 3/],
    ['concat', ['concat', 'x', 'x', 'a', 'n', 'c'], /the other operand has axis "[an]" too/],
    ['concat', ['concat', 'x', 'x', 'n', 'n', 'c'], /"n" and "n" have size 10 together, but "c" has size 3/],
    ['slice', ['slice', 'x', 'n', 5], /found index 5 along "n", which has size 5/],
    ['rotate', ['rotate', 'x', 'n'], /"n" has size 5, must be even/],
    ['gather', ['gather', 'x', 'c', ['index', 'n']], /the operand has no axis "c"/],
    ['scatter', ['scatter', 'x', ['index', 'n'], 'a', 'n'], /the operand already has axis "a"/],
    ['scatter', ['scatter', 'x', ['index', 'n'], 'c', 'r'], /the operand has no axis "r"/],
  ])('%s says so in plain words: %j', (_, term, message) => {
    expect(() => evaluated(term)).toThrow(message);
  });

  it('are found at the door, where all sizes of the smallest case are 1', () => {
    const program = (size: Term) =>
      operatorWith(
        [
          ['w', ['split', 'k', 'n', 'c', 'r']],
          ['o', ['dot', 'q', ['dot', ['join', 'w', 'c', 'r', 'n'], 'v', 'n'], 'd']],
        ],
        {
          masks: ['full'],
          axes: { c: { size }, r: { draw: [1, 4] } },
        },
      );
    const blocks: Term = ['-', 0, ['floor', ['/', ['-', 0, '#n'], '#r']]];
    checkOperator(program(blocks));
    checkOutputs(program(blocks));
    expect(() => checkOperator(program(['floor', ['/', '#n', '#r']]))).toThrow(/\$\.program\[0\]\[1\]: "n" has \d+ elements/);
    expect(() => checkOperator(program(['/', '#n', 2]))).toThrow(/\$\.axes\.c\.size: is 0\.5 for the sizes .*; must be a whole number/);
    expect(() => checkOperator(program(['+', '#n', '$blok']))).toThrow(/\$\.axes\.c\.size.*\$blok/);
    expect(() => checkOperator({ ...program(blocks), axes: { h: { draw: [1, 4] } } } as Operator)).toThrow(/found the axis "h"/);
    expect(() => checkOperator({ ...program(blocks), tied: [['m', 'nn']] } as Operator)).toThrow(/\$\.tied\[0\]\[1\]: found "nn"/);
  });

  it('an output may have axes that the document declares, and must not have others of them', () => {
    const axes = { c: { size: ['-', 0, ['floor', ['/', ['-', 0, '#n'], '#r']]] }, r: { draw: [1, 4] } };
    const blocks = ['split', ['dot', 'q', 'k', 'd'], 'n', 'c', 'r'];
    const given = (term: unknown[], outputs: object) =>
      operatorWith(
        [
          ['o', ['dot', 'q', ['dot', 'k', 'v', 'n'], 'd']],
          ['map', term],
        ],
        { masks: ['full'], axes, outputs: { o: ['b', 'hk', 'g', 'm', 'e'], ...outputs } },
      );
    checkOutputs(given(['sum', blocks, 'r'], { map: ['b', 'hk', 'g', 'm', 'c'] }));
    expect(() => checkOutputs(given(blocks, { map: ['b', 'hk', 'g', 'm', 'c'] }))).toThrow(/map has the axis r; .*contract r/);
    expect(() => checkOutputs(given(['sum', blocks, 'r', 'c'], { map: ['b', 'hk', 'g', 'm', 'c'] }))).toThrow(/map lacks the axis c/);
    expect(() => checkOutputs(given(blocks, { map: ['b', 'hk', 'g', 'm', 'cc'] }))).toThrow(/found axis "cc", which no input has/);
  });
});

describe('an index', () => {
  const at = (values: number[], bound?: number[]) => ({
    at: { axes: ['c'], shape: [3], value: Float64Array.from(values), ...(bound && { bound: Float64Array.from(bound) }) },
  });

  it('is open where its error reaches another place, and only there', () => {
    const gathered = evaluated(['gather', ['sum', 'x', 'a'], 'n', 'at'], at([1, 2, -1], [0.4, 0.6, 0.3]));
    expect(Array.from(gathered.bound ?? [], Number.isFinite)).toEqual([true, false, true]);
    const outside = evaluated(['gather', ['sum', 'x', 'a'], 'n', 'at'], at([-9, 9, 0], [3, 3, Infinity]));
    expect(Array.from(outside.bound ?? [], Number.isFinite)).toEqual([true, true, false]);
    const scattered = evaluated(['scatter', 'at', 'at', 'n', 'c'], at([1, 2, 2], [0.1, 0.1, 0.6]));
    expect(scattered.bound?.some(Number.isFinite)).toBe(false);
  });

  it('has no gradient', () => {
    const operator = programOf({ x: ['a', 'n'], at: ['c'] }, [['out', ['gather', 'x', 'n', 'at']]]);
    const inputs = inputsFor(operator, { sizes });
    const out = evaluateProgram(operator, inputs).out;
    expect(evaluateGradients(operator, inputs, { out }).at.value).toEqual(new Float64Array(3));
  });
});

describe('what may overflow', () => {
  it('keeps its sign and its least magnitude where it is moved', () => {
    const large: Term = ['exp', ['add', 90, ['mul', 'x', 'x']]];
    for (const term of [
      ['split', large, 'n', 'c', 'r'],
      ['overlap', large, 'a', 'n', 0],
      ['gather', large, 'n', ['index', 'c']],
      ['scatter', large, ['index', 'n'], 'c', 'n'],
      ['concat', ['slice', large, 'a', 0], ['slice', large, 'a', 0], 'n', 'n', 'whole'],
      ['rotate', large, 'a'],
    ] as Term[]) {
      const operator = programOf({ x: ['a', 'n'] }, [['out', term]]);
      const { out } = evaluateProgram(operator, inputsFor(operator, { sizes: { ...sizes, whole: 10 }, dtype: 'f32' }));
      for (const [i, e] of (out.bound ?? []).entries()) if (e === Infinity) expect(out.least?.[i]).toBeGreaterThan(1e38);
      expect(out.bound?.includes(Infinity)).toBe(true);
      // 1 divided by it is nearly 0, or 0
      const quotient = programOf({ x: ['a', 'n'] }, [['out', ['where', ['positive', ['exp', 'x']], ['div', 1, term], 0]]]);
      const { bound, value } = evaluateProgram(quotient, inputsFor(quotient, { sizes: { ...sizes, whole: 10 }, dtype: 'f32' })).out;
      for (const [i, e] of (out.bound ?? []).entries())
        if (e === Infinity) expect([bound?.[i], value[i]].every(Number.isFinite)).toBe(true);
    }
  });
});
