import { describe, expect, it } from 'vitest';
import { roundingsOf } from '../../../spec/program/roundings.js';
import type { Statement } from '../../../spec/types/documents.js';
import { programOf } from './fixtures.js';

const roundings = (...statements: Statement[]) => roundingsOf(programOf({ x: ['n'] }, statements, ['o']));

describe('roundingsOf', () => {
  it('names the primitives that round, each once, inside of loops too', () => {
    expect(roundings(['r', ['round', 'x']], ['s', ['floor', 'r']], ['o', ['round', 's']])).toEqual(['floor', 'round']);
    expect(roundings(['o', ['repeat', 2, { s: 'x' }, [['next', ['round', 's']]], { after: 'next' }]])).toEqual(['round']);
  });

  it('does not count the whole parts of indices, which are exact', () => {
    expect(roundings(['o', ['where', ['predicate', ['=', ['floor', ['/', 'n', 2]], 1], 'n'], 'x', 0]])).toEqual([]);
  });
});
