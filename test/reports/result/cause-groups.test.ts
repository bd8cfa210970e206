import { describe, expect, it } from 'vitest';
import { causeGroups } from '../../../reports/result/cause-groups.js';
import type { CheckResult } from '../../../spec/types/documents.js';
import { check, minimalCase } from '../made-up.js';

const failing = (id: string, more: Partial<CheckResult> & { hint?: string; n?: number } = {}) => {
  const { hint, n = 2, ...rest } = more;
  const failure = { case: { ...minimalCase, dims: { ...minimalCase.dims, n } }, reproduced: 5, ...(hint && { hint }) };
  return check('mine', id, { verdict: 'fail', class: 'value', failure, ...rest });
};
const ids = (groups: ReturnType<typeof causeGroups>) => groups.map(({ checks }) => checks.map(({ id }) => id));

describe('causes of failures', () => {
  it('are one where adapter, class and hint are, whatever the numbers of the hint', () => {
    const checks = [
      failing('a/b/one/f32', { hint: 'query 0 attends to key 1' }),
      failing('a/b/two/f32', { hint: 'query 3 attends to key -17' }),
      failing('a/b/three/f32', { hint: 'query 0 attends to key 1', class: 'nan' }),
      failing('a/b/four/f32', { hint: 'the scale is not applied' }),
      failing('a/b/five/f32', { hint: 'query 0 attends to key 1', adapter: 'other' }),
      check('mine', 'a/b/six/f32', {}),
    ];
    expect(ids(causeGroups(checks))).toEqual([['a/b/one/f32', 'a/b/two/f32'], ['a/b/three/f32'], ['a/b/four/f32'], ['a/b/five/f32']]);
  });

  it('are one where what is known of them begins with the same sentence, whatever their class', () => {
    const checks = [failing('a/b/one/f32'), failing('a/b/two/f32', { class: 'nan' }), failing('a/b/three/f32')];
    const why = (id: string) => (id.includes('three') ? 'It rounds twice.' : `It adds one: here to ${id}.`);
    const [first, second] = causeGroups(checks, ({ id }) => ({ why: why(id) }));
    expect([first.title, first.checks.length, second.title]).toEqual(['It adds one', 2, 'It rounds twice.']);
  });

  it('show their smallest case, and come worst first: the unexpected, then the most frequent', () => {
    const expected = { expected: true, hint: 'known' };
    const checks = [
      failing('a/b/one/f32', expected),
      failing('a/b/two/f32', expected),
      failing('a/b/three/f32', { hint: 'rare' }),
      failing('a/b/four/f32', { hint: 'often', n: 9 }),
      failing('a/b/five/f32', { hint: 'often', n: 3 }),
    ];
    const groups = causeGroups(checks);
    expect(groups.map(({ title, expected: known }) => [title, known])).toEqual([
      ['often', false],
      ['rare', false],
      ['known', true],
    ]);
    expect(groups[0].smallest.id).toBe('a/b/five/f32');
  });
});
