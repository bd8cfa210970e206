import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../spec/lib/documents.js';
import { checkOperator } from '../../../spec/program/check.js';
import type { Operator } from '../../../spec/types/documents.js';
import { operatorNamed } from './fixtures.js';

const softmax = operatorNamed('softmax');

type Change = (operator: Operator) => void;

/** The softmax operator with one place of its document changed. */
function changed(change: Change): Operator {
  const copy = structuredClone(softmax);
  change(copy);
  return copy;
}

/** Puts a value in a place such as program[3][1]. */
function put(place: string, value: unknown): Change {
  const steps = place.match(/\w+/g) as string[];
  return (operator) => {
    let holder = operator as unknown as Record<string, unknown>;
    for (const step of steps.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
    holder[steps[steps.length - 1]] = value;
  };
}

function fault(operator: Operator): DocumentError {
  try {
    checkOperator(operator);
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
  throw new Error('no fault was found');
}

const faults: [string, Change, string, RegExp][] = [
  ['an unknown primitive', put('program[3][1][2][0]', 'ad'), '$.program[3][1][2][0]', /"ad".*nearest of \d+: "add"/],
  ['an unknown name', put('program[5][1][1]', 'prob'), '$.program[5][1][1]', /"prob".*nearest.*"p"/],
  ['a name that comes later', put('program[1][1][3]', 's'), '$.program[1][1][3]', /"s"/],
  ['an unknown axis', put('program[5][1][3]', 'nn'), '$.program[5][1][3]', /not an axis.*"n"/],
  ['an operand without the contracted axis', put('program[5][1][3]', 'm'), '$.program[5][1]', /second operand has no axis "m".*b hk n e/],
  ['a softmax over an axis that is not there', put('program[4][1][2]', 'e'), '$.program[4][1]', /no axis "e"/],
  ['an unknown option', put('program[0][1][1]', '$scal'), '$.program[0][1][1]', /"\$scal".*"\$scale"/],
  ['an unknown condition', put('program[2][1][1]', 'alib'), '$.program[2][1][1]', /"alib".*"alibi"/],
  ['a condition that always holds', put('program[2][1][1]', 'q'), '$.program[2][1][1]', /optional tensor/],
  ['an unguarded optional input', put('program[3][1]', ['add', 'a', 'bias']), '$.program[3][1][2]', /may be absent/],
  ['too few operands', put('program[1][1][2][2]', ['tanh', 'x', 'x']), '$.program[1][1][2][2]', /"tanh" takes x: 1, found 2/],
  ['no axis to contract', put('program[5][1]', ['dot', 'p', 'v']), '$.program[5][1]', /3 or more, found 2/],
  ['an unknown attribute', put('program[4][1][3]', { were: 'mask' }), '$.program[4][1][3].were', /"were".*"where"/],
  ['an unknown choice', put('program[4][1][3].emptyRow', 'mena'), '$.program[4][1][3].emptyRow', /"mena".*zero, nan, mean/],
  ['a number where a boolean must be', put('program[4][1][3].where', 'x'), '$.program[4][1][3].where', /found a number, must be a boolean/],
  [
    'a boolean where a number must be',
    put('program[0][1][2]', ['positive', 'q']),
    '$.program[0][1][2]',
    /found a boolean, must be a number/,
  ],
  ['a name given twice', put('program[1][0]', 'x'), '$.program[1][0]', /"x" is the name/],
  ['the name of an input', put('program[1][0]', 'k'), '$.program[1][0]', /"k" is the name/],
  ['an unknown output', put('outputs.out', ['m']), '$.outputs.out', /"out".*nearest/],
  ['an output that is an input', put('outputs.q', ['m']), '$.outputs.q', /"q"/],
  ['a statement that nothing uses', put('outputs', { o: ['m'] }), '$.program[6][0]', /"lse" is unused/],
  ['a default over an unknown axis', put('options.scale.default', ['sqrt', '#h']), '$.options.scale.default[1]', /"#h"/],
  ['an option with a name of the dialect', put('options.emptyLse', { default: 1 }), '$.options.emptyLse', /taken/],
  ['an input called mask', put('inputs.mask', ['b']), '$.inputs.mask', /taken/],
  ['an axis named twice', put('inputs.q', ['b', 'hk', 'g', 'm', 'm']), '$.inputs.q[4]', /named twice/],
  ['a number stored', put('program[4]', ['p', 1, { store: true }]), '$.program[4][2].store', /computed/],
  ['nesting without end', put('program[5][1]', nested(100)), /^\$\.program\[5\]\[1\]/ as never, /at most 32 deep/],
  ['a sink along the softmax axis', put('optional.sink', ['n']), '$.program[4][1]', /sink must not have axis "n"/],
  ['a contraction of one axis twice', put('program[3][1]', ['add', 'a', ['sum', 'a', 'n', 'n']]), '$.program[3][1][2]', /named twice/],
  ['a predicate over another axis', put('program[5][1]', where(['<', 'm', 'd'])), '$.program[5][1][1][1][2]', /"d"/],
  ['a predicate that is a number', put('program[5][1]', where(['+', 'm', 1])), '$.program[5][1][1][1]', /boolean/],
  ['a predicate over an axis twice', put('program[5][1]', where(['<', 'm', 1], 'm', 'm')), '$.program[5][1][1]', /named twice/],
];

/** A selection by a predicate over the queries. */
function where(expression: unknown, ...axes: string[]): unknown {
  return ['where', ['predicate', expression, ...(axes.length > 0 ? axes : ['m'])], 'p', 0];
}

function nested(depth: number): unknown {
  return depth === 0 ? 'v' : ['tanh', nested(depth - 1)];
}

describe('a faulty program', () => {
  it.each(faults)('with %s is refused, with its place and what is allowed', (_, change, path, problem) => {
    const error = fault(changed(change));
    if (typeof path === 'string') expect(error.path).toBe(path);
    else expect(error.path).toMatch(path);
    expect(error.problem).toMatch(problem);
    expect(error.document).toBe('operator softmax');
  });

  it('names the document that it is told to', () => {
    const faulty = changed(put('outputs.none', []));
    expect(() => checkOperator(faulty, 'mine/operators/x.json')).toThrow(/^mine\/operators\/x\.json: at \$\.outputs\.none/);
  });
});
