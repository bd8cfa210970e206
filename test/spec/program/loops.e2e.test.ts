import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { checkDocument, DocumentError } from '../../../spec/lib/documents.js';
import { mapTerms, namesGiven, plainStatements, resultsOf } from '../../../spec/operator/loops.js';
import { buildProgram } from '../../../spec/program/build.js';
import { bindingWith, checkOperator } from '../../../spec/program/check.js';
import { costOf } from '../../../spec/program/cost.js';
import { expanded } from '../../../spec/program/macros.js';
import { buildFor, evaluateGradients, evaluateProgram, type ProgramInputs } from '../../../spec/program/run.js';
import { arrange, type ProgramTensor } from '../../../spec/program/tensor.js';
import type { Dims, Operator, Statement } from '../../../spec/types/documents.js';
import { expectGradients } from './finite-differences.js';
import { inputsFor, operatorNamed, programOf, randomCotangents } from './fixtures.js';

const inputs = { x: ['n', 'd'], g: ['n'] };

/** s ← exp(g) s + x, of which every value is collected. */
const running: Statement = [
  'o',
  [
    'fold',
    'n',
    { s: 0 },
    [
      ['kept', ['mul', ['exp', 'g'], 's']],
      ['next', ['add', 'kept', 'x']],
    ],
    { after: 'next', collect: 'next', end: { s: 'state' } },
  ],
];

const sizes = fc.record({ n: fc.integer({ min: 1, max: 12 }), d: fc.integer({ min: 1, max: 4 }), e: fc.integer({ min: 1, max: 3 }) });

function valuesIn(t: ProgramTensor, axes: string[], { sizes }: ProgramInputs): number[] {
  return [...arrange(t, axes, sizes).value];
}

describe('a fold', () => {
  test.prop([sizes, fc.nat()], { numRuns: 50 })('is the loop that it says, with its last state', (dims, seed) => {
    const operator = programOf(inputs, [running], ['o', 'state']);
    const given = inputsFor(operator, { sizes: dims, seed });
    const { o, state } = evaluateProgram(operator, given);
    const { x, g } = given.tensors;
    const s = new Array<number>(dims.d).fill(0);
    const all = Array.from({ length: dims.n }, (_, t) => {
      for (let c = 0; c < dims.d; c++) s[c] = Math.exp(g.value[t]) * s[c] + x.value[t * dims.d + c];
      return [...s];
    });
    expect(valuesIn(o, ['n', 'd'], given)).toEqual(all.flat());
    expect(valuesIn(state, ['d'], given)).toEqual(s);
  });

  test.prop([sizes, fc.nat()], { numRuns: 50 })('that adds up is cumsum, value and gradient', (dims, seed) => {
    const added: Statement = ['o', ['fold', 'n', { s: 0 }, [['next', ['add', 's', 'x']]], { after: 'next', collect: 'next' }]];
    const fold = programOf({ x: ['n', 'd'] }, [added]);
    const sums = programOf({ x: ['n', 'd'] }, [['o', ['cumsum', 'x', 'n']]]);
    const given = inputsFor(fold, { sizes: dims, seed });
    const [a, b] = [fold, sums].map((operator) => {
      const outputs = evaluateProgram(operator, given);
      const cotangents = { o: arrange(randomCotangents(sums, given, evaluateProgram(sums, given), seed).o, ['n', 'd'], dims) };
      return [...valuesIn(outputs.o, ['n', 'd'], given), ...evaluateGradients(operator, given, cotangents).x.value];
    });
    for (const [i, x] of a.entries()) expect(x).toBeCloseTo(b[i], 12);
  });

  it('is the program written out, and has the same nodes', () => {
    const first = (x: string, at: number) => ['sum', ['where', ['predicate', ['=', 'n', at], 'n'], x, 0], 'n'];
    const step = (s: unknown, at: number) => ['add', ['mul', ['exp', first('g', at)], s], first('x', at)];
    const written = programOf(inputs, [['state', step(step(step(0, 0), 1), 2)] as Statement]);
    const operator = programOf(inputs, [running], ['state']);
    const given = inputsFor(operator, { sizes: { n: 3, d: 2 } });
    expect(evaluateProgram(operator, given).state.value).toEqual(evaluateProgram(written, given).state.value);
    // 3 steps of slices, exp, product and sum; the first state repeated; values together: nothing is left of what was tried
    const { graph } = buildFor(operator, given);
    expect(graph.nodes.filter((node) => node.kind === 'apply').length).toBe(3 * 5 + 1 + 1);
  });

  it('has the gradients of finite differences: several states, a state in, what is outside, one place alone', () => {
    const twisted: Statement[] = [
      ['twice', ['scale', 2, 'w']],
      [
        'o',
        [
          'fold',
          'n',
          { s: 'first', t: 1 },
          [
            ['a', ['add', ['mul', 's', ['dot', 'x', 'twice', 'd']], ['mul', 't', 'x']]],
            ['b', ['tanh', ['add', 't', ['sum', 's', 'd']]]],
            ['c', ['mul', 'a', 'b']],
          ],
          { after: { s: 'a', t: 'b' }, collect: 'c', end: { t: 'last' } },
        ],
      ],
      ['far', ['mul', 'last', ['sum', 'o', 'n']]],
    ];
    const operator = programOf({ x: ['n', 'd'], w: ['d'], first: ['d'] }, twisted, ['o', 'far']);
    for (const n of [1, 2, 5]) {
      const given = inputsFor(operator, { sizes: { n, d: 2 }, seed: n });
      expectGradients(operator, given, randomCotangents(operator, given, evaluateProgram(operator, given), 3));
    }
    // an output of the last place: the other places of x have no gradient
    const last = programOf({ x: ['n', 'd'] }, [
      ['o', ['fold', 'n', { s: 0 }, [['next', ['add', 'x', ['mul', 0, 's']]]], { after: 'next' }]],
    ]);
    const given = inputsFor(last, { sizes: { n: 3, d: 2 } });
    const { x } = evaluateGradients(last, given, randomCotangents(last, given, evaluateProgram(last, given), 3));
    expect([...x.value.slice(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(x.value.slice(4).every((value) => value !== 0)).toBe(true);
  });

  it('sees positions, conditions and stored statements at one place', () => {
    const body: Statement[] = [
      ['place', ['add', ['index', 'n'], 1]],
      ['even', ['where', ['predicate', ['=', ['mod', 'n', 2], 0], 'n'], 'x', 0]],
      ['next', ['add', 's', ['mul', 'place', 'even']], { store: true }],
    ];
    const operator = programOf({ x: ['n'] }, [['o', ['fold', 'n', { s: 0 }, body, { after: 'next', collect: 'next' }]]]);
    const given = inputsFor(operator, { sizes: { n: 4 } });
    const [a, , c] = given.tensors.x.value;
    expect([...evaluateProgram(operator, given).o.value]).toEqual([a, a, a + 3 * c, a + 3 * c]);
  });

  it('lies in another: each sees what has its axis at its own place', () => {
    const inner: Statement = ['row', ['fold', 'd', { t: 0 }, [['more', ['add', 't', ['mul', 'x', 'x']]]], { after: 'more' }]];
    const outer: Statement = ['o', ['fold', 'n', { s: 0 }, [inner, ['next', ['add', 's', 'row']]], { after: 'next', collect: 'next' }]];
    const operator = programOf({ x: ['n', 'd'] }, [outer]);
    const given = inputsFor(operator, { sizes: { n: 3, d: 2 } });
    const plain = programOf({ x: ['n', 'd'] }, [['o', ['cumsum', ['dot', 'x', 'x', 'd'], 'n']]]);
    const expected = evaluateProgram(plain, given).o.value;
    for (const [i, value] of evaluateProgram(operator, given).o.value.entries()) expect(value).toBeCloseTo(expected[i], 12);
    expectGradients(operator, given, randomCotangents(operator, given, evaluateProgram(operator, given), 1));
  });

  it('over no place has no values, and ends as it begins', () => {
    const operator = programOf(inputs, [running], ['o', 'state']);
    const { o, state } = evaluateProgram(operator, inputsFor(operator, { sizes: { n: 0, d: 2 } }));
    expect([o.value.length, [...state.value]]).toEqual([0, [0, 0]]);
  });
});

describe('a repeat', () => {
  const squared = (times: unknown): Operator =>
    ({
      ...programOf({ x: ['n'] }, [['o', ['repeat', times, { s: 'x' }, [['next', ['mul', 's', 's']]], { after: 'next' }]] as Statement]),
      options: { k: { default: 2 } },
    }) as Operator;

  it.each([
    [0, 1],
    [3, 8],
    ['$k', 4],
    ['#n', 2],
    [['*', 2, '#n'], 4],
  ])('of %j steps', (times, power) => {
    const operator = squared(times);
    const given = inputsFor(operator, { sizes: { n: 1 } });
    expect(evaluateProgram(operator, given).o.value[0]).toBeCloseTo(given.tensors.x.value[0] ** power, 12);
    expectGradients(operator, given, randomCotangents(operator, given, evaluateProgram(operator, given), 2));
  });

  it('goes by the option of a call', () => {
    const operator = squared('$k');
    const given = inputsFor(operator, { sizes: { n: 1 }, options: { k: 1 } });
    expect(evaluateProgram(operator, given).o.value[0]).toBeCloseTo(given.tensors.x.value[0] ** 2, 12);
  });
});

describe('a faulty loop', () => {
  const body: Statement[] = [['next', ['add', 's', 'x']]];
  const parts = { after: 'next', collect: 'next' };
  const faults: [string, unknown, string, RegExp][] = [
    ['an axis that is none', ['fold', 'nn', { s: 0 }, body, parts], '[1]', /found "nn", which is not an axis.*"n"/],
    [
      'an axis that nothing inside has',
      ['fold', 'e', { s: 0 }, body, parts],
      '[1]',
      /no tensor inside has the axis "e".*\["repeat", "#e", …\]/,
    ],
    ['a state that is none', ['fold', 'n', { s: 0 }, body, { after: { t: 'next' } }], '[4].after.t', /"t", which names no state.*"s"/],
    ['a state without what follows', ['fold', 'n', { s: 0, t: 0 }, body, { after: { s: 'next' } }], '[4].after', /"t" is missing/],
    ['one name for two states', ['fold', 'n', { s: 0, t: 0 }, body, { after: 'next' }], '[4].after', /several states.*s, t/],
    ['a statement that is not inside', ['fold', 'n', { s: 0 }, body, { after: 'nex' }], '[4].after', /"nex".*"next"/],
    ['a collected name that is not inside', ['fold', 'n', { s: 0 }, body, { after: 'next', collect: 'x' }], '[4].collect', /"x".*inside/],
    ['an end of no state', ['fold', 'n', { s: 0 }, body, { ...parts, end: { t: 'z' } }], '[4].end.t', /names no state/],
    [
      'a state whose axes change',
      ['fold', 'n', { s: 'w' }, [['next', ['mul', 'x', ['sum', 's', 'e']]]], parts],
      '[4].after',
      /the state "s" has the axes e d, and after a step d: it must keep e/,
    ],
    ['a condition as a state', ['fold', 'n', { s: ['positive', 'x'] }, body, parts], '[2].s', /found a boolean, must be a number/],
    ['a name of an input inside', ['fold', 'n', { w: 0 }, [['next', ['add', 'w', 'x']]], parts], '[2].w', /"w" is the name of an input/],
    ['a name given twice inside', ['fold', 'n', { s: 0 }, [...body, ...body], parts], '[3][1][0]', /"next" is the name/],
    ['a term inside', ['fold', 'n', { s: 0 }, [['next', ['ad', 's', 'x']]], parts], '[3][0][1][0]', /"ad".*"add"/],
    [
      'a name before its statement',
      [
        'fold',
        'n',
        { s: 0 },
        [
          ['a', 'next'],
          ['next', ['add', 'a', 'x']],
        ],
        parts,
      ],
      '[3][0][1]',
      /"next"/,
    ],
    ['a statement that nothing uses', ['fold', 'n', { s: 0 }, [...body, ['z', 's']], parts], '[3][1][0]', /"z" is unused/],
    ['steps that are not whole', ['repeat', 1.5, { s: 'x' }, body, { after: 'next' }], '[1]', /found 1.5, must be a whole number.*"floor"/],
    [
      'too many steps',
      ['repeat', 1e9, { s: 'x' }, body, { after: 'next' }],
      '[1]',
      /found 1000000000, must be a whole number of steps from 0 to 4096/,
    ],
    ['a negative number of steps', ['repeat', ['-', 0, '#n'], { s: 'x' }, body, { after: 'next' }], '[1]', /is -1 here/],
    ['an option that is none', ['repeat', '$k', { s: 'x' }, body, { after: 'next' }], '[1]', /"\$k"/],
    ['a repeat that collects', ['repeat', 2, { s: 'x' }, body, parts], '[4].collect', /no axis along which/],
  ];

  it.each(faults)('with %s is refused, with its place and what mends it', (_, loop, place, problem) => {
    const operator = programOf({ x: ['n', 'd'], w: ['e', 'd'] }, [['o', loop] as Statement]);
    const used = {
      ...operator,
      program: [
        ['o', loop],
        ['p', ['sum', 'w', 'e']],
      ],
      outputs: { o: [], p: [] },
    } as unknown as Operator;
    expect(() => checkOperator(used)).toThrow(DocumentError);
    try {
      checkOperator(used);
    } catch (error) {
      expect((error as DocumentError).path).toBe(`$.program[0][1]${place}`);
      expect((error as DocumentError).problem).toMatch(problem);
    }
  });

  it('that unrolls into too much is refused before it fills the memory', () => {
    const many = (body: Statement[], state: string, after: string): Statement[] => [
      [`${state}o`, ['repeat', 4000, { [state]: 'x' }, body, { after }]],
    ];
    const inner = many([['next', ['mul', 's', 1.5]]], 's', 'next');
    const operator = programOf({ x: ['n'] }, many([...inner, ['more', ['add', 'so', 't']]], 't', 'more'), ['to']);
    expect(() => buildProgram(operator, bindingWith(operator, [], true))).toThrow(/unrolls into more than 262144 statements/);
  });

  it.each<[string, unknown, RegExp]>([
    ['without results', ['fold', 'n', { s: 0 }, body], /\$\.program\[0\]\[1\]/],
    ['without what follows', ['fold', 'n', { s: 0 }, body, { collect: 'next' }], /\$\.program\[0\]\[1\]\[4\].*"after" is missing/],
    ['with a result that is none', ['fold', 'n', { s: 0 }, body, { ...parts, last: 's' }], /\$\.program\[0\]\[1\]\[4\].last/],
  ])('%s does not keep the schema', (_, loop, problem) => {
    const operator = { ...operatorNamed('linear-decay'), program: [['o', loop]] };
    expect(() => checkDocument('operator', operator, 'mine')).toThrow(problem);
  });

  it('in a term is told to be a statement', () => {
    const operator = programOf({ x: ['n', 'd'] }, [['o', ['add', ['fold', 'n', { s: 0 }, body, parts], 1]] as unknown as Statement]);
    expect(() => checkOperator(operator)).toThrow(/"fold" cannot stand inside a term; make it a statement/);
  });
});

describe('readers of programs see loops', () => {
  it('by their names and their plain statements', () => {
    expect(resultsOf([running])).toEqual(['o', 'state']);
    expect(namesGiven([running], '$.program').map(({ name }) => name)).toEqual(['o', 's', 'kept', 'next', 'state']);
    expect(plainStatements([running]).map(([name]) => name)).toEqual(['s', 'kept', 'next', 's', 'o', 'state']);
  });

  it('when terms are changed, and macros expanded', () => {
    const body: Statement[] = [['next', ['silu', ['add', 's', 'x']]]];
    const operator = programOf({ x: ['n', 'd'] }, [['o', ['fold', 'n', { s: ['relu', 0] }, body, { after: 'next', collect: 'next' }]]]);
    expect(JSON.stringify(expanded(operator).program)).not.toMatch(/silu|relu/);
    expect(mapTerms(operator.program, (term) => term)).toEqual(operator.program);
  });

  it('in the cost of a program: so many times, and each place of a tensor once', () => {
    const cost = (dims: object) =>
      costOf(operatorNamed('delta'))({ b: 1, hk: 1, g: 1, m: 1, d: 8, e: 8, t: 1, ...dims } as unknown as Dims);
    const [once, twice] = [cost({ n: 100 }), cost({ n: 200 })];
    expect(twice / once).toBeCloseTo(2, 2);
    expect(once).toBeGreaterThan(100 * 4 * 64);
    expect(once).toBeLessThan(100 * 20 * 64);
  });
});
