import { describe, expect, it } from 'vitest';
import { badgeOf } from '../../../reports/badges/badge.js';
import { mustPassTally, mustPassText } from '../../../reports/result/must-pass.js';
import { mustPassDocuments } from '../../../spec/must-pass/index.js';
import type { Result } from '../../../spec/types/documents.js';
import { check, madeUp } from '../made-up.js';

const [core] = mustPassDocuments;
const f16 = core.checks.filter((id) => id.endsWith('/f16'));
const result = (verdicts: (id: string, at: number) => 'pass' | 'unsupported'): Result => ({
  ...madeUp,
  adapters: [{ ...madeUp.adapters[1], capabilities: { dtypes: ['f16'], operators: ['softmax'] } }],
  checks: [...f16.map((id, at) => check('mine', id, { verdict: verdicts(id, at) })), check('mine', 'softmax/full/new/f16', {})],
});

describe('the must-pass list of a profile', () => {
  it('counts the checks of the list in the storage types that are claimed, and no newer ones', () => {
    const tally = mustPassTally(
      result(() => 'pass'),
      'mine',
      'core@1',
    );
    expect(tally).toEqual({ passed: f16.length, of: f16.length });
    expect(
      mustPassTally(
        result((_, at) => (at < 3 ? 'unsupported' : 'pass')),
        'mine',
        'core@1',
      )?.passed,
    ).toBe(f16.length - 3);
    expect(
      mustPassTally(
        result(() => 'pass'),
        'mine',
        'core@2',
      ),
    ).toBeUndefined();
    expect(mustPassTally(madeUp, 'absent', 'core@1')).toBeUndefined();
  });

  it('is what a badge says', () => {
    const mustPass = { passed: 49, of: 50 };
    expect(mustPassText(mustPass)).toBe('49 of 50 must-pass checks');
    expect(badgeOf({ name: 'core@1', adapter: 'mine', pass: 49, unsupported: 1 }, mustPass).message).toBe(
      '49 of 50 must-pass checks · 1 unsupported',
    );
  });

  it('makes a badge green only where nearly all of it was asked', () => {
    const asked = (passed: number) => badgeOf({ name: 'core@1', adapter: 'mine', pass: passed }, { passed, of: 50 }).color;
    expect([50, 45, 44, 6].map(asked)).toEqual(['brightgreen', 'brightgreen', 'yellow', 'yellow']);
  });
});
