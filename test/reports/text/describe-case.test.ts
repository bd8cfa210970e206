import { expect, it } from 'vitest';
import { describeFailure } from '../../../reports/result/describe-failure.js';
import { check, context, minimalCase } from '../made-up.js';

it('sizes with which a case passes stand below it, each for itself', () => {
  const failure = {
    case: minimalCase,
    message: 'o is off',
    reproduced: 5,
    passesWith: [{ n: 16 } as Record<string, number>, { m: 24, n: 24 }],
  };
  const lines = describeFailure(check('mine', 'a/b/oracle/f32', { verdict: 'fail', class: 'law', failure }), context);
  expect(lines[lines.findIndex((line) => line.startsWith('case')) + 1]).toBe('passes    with n=16, or with m=24 n=24');
});
