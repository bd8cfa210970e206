import { describe, expect, it } from 'vitest';
import { outsideDomain } from '../../../spec/operator/domain.js';
import type { InputFacts } from '../../../spec/operator/facts.js';

type Described = Pick<InputFacts, 'kind' | 'draw'>;
const number = (draw: InputFacts['draw']): Described => ({ kind: 'number', draw });
const n = { axis: 'n', size: 5 };

describe('the domain of an input', () => {
  it.each<[string, Described, number, RegExp]>([
    ['a gate that grows', number('log-decay'), 0.5, /must be 0 or less/],
    ['a gate of the wrong sign', number('unit'), -0.5, /must be from 0 to 1/],
    ['a gate beyond 1', number('unit'), 1.5, /must be from 0 to 1/],
    ['a scale of 0', number('scale'), 0, /must be more than 0/],
    ['a signed scale of 0', number('signed-scale'), 0, /must not be 0/],
    ['a number that is not positive', number('positive'), 0, /must be more than 0/],
    ['a strength beyond 2', number('to-two'), 2.5, /must be from 0 to 2/],
    ['a norm below 0', number('non-negative'), -1, /must be 0 or more/],
    ['an index of more than 32 bits', { kind: 'index', draw: 'beyond' }, 2 ** 31, /from −2³¹ to 2³¹ − 1/],
    ['a cosine', number('table'), 2, /must be from −1 to 1/],
    ['a boolean', { kind: 'boolean', draw: 'normal' }, 2, /must be 0 or 1/],
    ['an index beyond its axis', { kind: 'index', draw: 'padded' }, 5, /from −1 \(none\) on, less than n = 5/],
    ['an index that is no place', { kind: 'index', draw: 'normal' }, -1, /whole number from 0 on, less than n = 5/],
    ['a fraction of an index', { kind: 'index', draw: 'once' }, 1.5, /whole number/],
    ['a code of a scale', { kind: 'code', draw: 'scale' }, -1, /must be 0 or more/],
  ])('refuses %s', (_, facts, value, mend) => {
    expect(outsideDomain(facts, value, n)).toMatch(mend);
  });

  it.each<[Described, number]>([
    [number('log-decay'), 0],
    [number('unit'), 1],
    [number('to-two'), 2],
    [number('non-negative'), 0],
    [{ kind: 'index', draw: 'beyond' }, 5],
    [{ kind: 'index', draw: 'beyond' }, -(2 ** 31)],
    [number('scale'), 2 ** -20],
    [number('signed-scale'), -1],
    [number('normal'), -1e30],
    [{ kind: 'index', draw: 'padded' }, -1],
    [{ kind: 'index', draw: 'normal' }, 4],
    [{ kind: 'code', draw: 'scale' }, 0],
  ])('takes %j of %d', (facts, value) => {
    expect(outsideDomain(facts, value, n)).toBeUndefined();
  });
});
