import { describe, expect, it } from 'vitest';
import { mustPassDocuments } from '../../../spec/must-pass/index.js';
import { profileDocuments } from '../../../spec/profiles/index.js';
import { mustPassOf } from '../../../suites/plan/must-pass.js';

describe('must-pass lists', () => {
  it('are of the versions that their profiles have, and of checks that are planned', () => {
    for (const list of mustPassDocuments) {
      expect(profileDocuments.find(({ name }) => name === list.profile)?.version).toBe(list.version);
      expect(mustPassOf(list.profile, list).checks).toEqual(list.checks);
    }
  });

  it('keep what they have: a check that the suite has learned since waits for the next version', () => {
    const [core] = mustPassDocuments;
    const fewer = { ...core, checks: core.checks.slice(1) };
    expect(mustPassOf('core', fewer).checks).toEqual(fewer.checks);
    expect(mustPassOf('core', { ...fewer, version: 0 }).checks).toEqual(expect.arrayContaining(core.checks));
  });

  it('lose no check silently', () => {
    const [core] = mustPassDocuments;
    expect(() => mustPassOf('core', { ...core, checks: [...core.checks, 'softmax/full/gone/f32'] })).toThrow(
      'spec/must-pass/core.json: 1 of its checks are no longer planned, the first softmax/full/gone/f32',
    );
  });

  it('of training have those of core', () => {
    const [core, training] = mustPassDocuments;
    expect(training.checks).toEqual(expect.arrayContaining(core.checks));
    expect(training.checks.some((id) => id.includes('/gradient/'))).toBe(true);
    expect(core.checks.some((id) => id.includes('/gradient/'))).toBe(false);
  });
});
