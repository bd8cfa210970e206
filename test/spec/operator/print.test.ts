import { describe, expect, it } from 'vitest';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { printProgram } from '../../../spec/program/print/program.js';
import { printLaw } from '../../../spec/program/print/record.js';
import type { Law, Operator, Statement, Term } from '../../../spec/types/documents.js';

const printTerm = (term: Term) => printProgram([['x', term]])[0].slice('x = '.length);

/** The names of tensors, options, sizes and axes in a term. */
function namesIn(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  if (Array.isArray(part)) return part.slice(1).flatMap(namesIn);
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(namesIn) : [];
}

describe('a printed program', () => {
  const programs = operatorDocuments.flatMap(({ name, program, second }): [string, Operator['program']][] => [
    [name, program],
    ...(second ? [[`${name}, second form`, second.program] as [string, Operator['program']]] : []),
  ]);

  it.each(programs)('has a balanced line for each statement: %s', (_, program) => {
    const lines = printProgram(program);
    expect(lines.map((line) => line.split(' = ')[0])).toEqual(program.map(([name]) => name));
    for (const line of lines) {
      const depths = [...line].reduce((depth, c) => depth + ('(['.includes(c) ? 1 : ')]'.includes(c) ? -1 : 0), 0);
      expect([line, depths]).toEqual([line, 0]);
      expect(line).not.toMatch(/undefined|object|,,/);
    }
  });

  it.each(programs)('names what each statement names: %s', (_, program) => {
    for (const [at, line] of printProgram(program).entries()) {
      const [, term] = program[at] as Statement;
      // the axes of a predicate are those of its expression
      for (const name of namesIn(term)) if (name !== 'mask') expect(line).toContain(name);
    }
  });

  it.each<[Term, string]>([
    [['sub', ['sub', 'a', 'b'], ['sub', 'c', 'd']], 'a - b - (c - d)'],
    [['mul', ['add', 'a', 1], ['div', 'b', 'c']], '(a + 1) · (b / c)'],
    [['scale', ['/', 1, '$c'], ['mul', 'a', -2]], '(1 / $c) · (a · (-2))'],
    [['dot', ['add', 'q', 'r'], ['mul', 'k', 'l'], 'd', 'hk'], 'sum((q + r) · (k · l) over d, hk)'],
    [['add', ['where', 'mask', ['where', 'c', 1, 0], 0], 'x'], '((1 where c, else 0) where mask, else 0) + x'],
    [['when', 'bias', ['add', 's', 'bias'], 's'], 's + bias if bias is given, else s'],
    [['when', 'mask', 's', ['exp', 's']], 's if there is a mask, else exp(s)'],
    [
      ['softmax', 's', 'n', { where: 'mask', sink: 'z', emptyRow: '$emptyOutput' }],
      'softmax(s over n, where mask, sink z, emptyRow $emptyOutput)',
    ],
    [['cumsum', 'x', 'n', { reverse: true }], 'cumsum(x over n, reverse)'],
    [['max', ['rename', 'x', 'n', 'n2'], 'n2', { where: 'mask' }], 'max(rename(x, from n, to n2) over n2, where mask)'],
    [['where', ['and', 'mask', ['not', 'c']], ['erf', 'x'], 0], 'erf(x) where and(mask, not(c)), else 0'],
    [['topk', 's', 'n', ['min', '$top', '#n'], '#n'], 'topk(s over n, count min($top, #n), block #n)'],
    [['predicate', ['<=', ['*', 2, 'm'], 'n'], 'm', 'n'], '[2 * m <= n]'],
    [['sub', ['index', 'n'], ['position', 'm']], 'index(n) - position(m)'],
    [['rms-norm', ['mul', 'x', 'y'], 'd', '$eps'], 'rms-norm(x · y over d, eps $eps)'],
  ])('%j is %s', (term, text) => {
    expect(printTerm(term)).toBe(text);
  });

  it('tells what is stored', () => {
    const lines = printProgram([
      ['p', ['exp', 's'], { store: true }],
      ['x', 'p', { store: 'always' }],
      ['y', 'x', { store: false }],
    ]);
    expect(lines).toEqual(['p = exp(s), stored', 'x = p, stored between layers', 'y = x']);
  });
});

describe('a printed law', () => {
  it.each<[Law, string]>([
    ['causal', 'A query sees no later token.'],
    [{ linear: ['v'] }, 'The outputs are linear in v.'],
    [{ linear: ['v', 'ev', 'w'], when: { u: 0 } }, 'Where u is 0, the outputs are linear in v, ev and w together.'],
    [{ permute: 'n', together: ['k', 'v'] }, 'Permuting k and v together along n changes nothing.'],
    [{ permute: 'm', together: ['q'], outputs: ['o'] }, 'Permuting q along m permutes o in the same way.'],
    [{ rowsSumTo: 0, values: ['x'] }, 'The weights sum to 0: with x 1 everywhere, every row of o that sees a key is 0.'],
    [{ equals: 'one', when: { a: 0, top: 9 } }, 'Where a is 0 and top is 9, the operator is one.'],
    [{ equals: 'one', mask: 'causal', options: { scale: 0 } }, 'The operator is one with mask causal and scale = 0.'],
    [
      { split: 'm', state: { start: 'end' } },
      'A run over all tokens along m equals a run over the first tokens and a run over the rest, whose start is end of the first run.',
    ],
  ])('%j is one sentence', (law, sentence) => {
    expect(printLaw(law)).toBe(sentence);
  });
});
