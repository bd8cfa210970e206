import { describe, expect, it } from 'vitest';
import { judgeCases } from '../../accept/profiles/judged.js';
import { correctProfiles, worseProfiles } from '../../accept/profiles/profile.js';
import { firstOf } from '../../some.js';

const [found, most] = [20, 500];

describe('kernels that round exactly as their numeric profile says', () => {
  it.each(firstOf(correctProfiles, 2).map((profile) => [profile.id, profile] as const))(
    '%s: none of its cases leaves the bounds',
    (_, profile) => {
      const { cases, violations, undecidedPasses, first, outputs } = judgeCases(profile, 0, 0, 150);
      expect(first).toBeUndefined();
      expect({ cases, violations }).toEqual({ cases: 150, violations: 0 });
      expect(undecidedPasses).toBeLessThan(60);
      for (const name of ['o', 'lse', 'dq', 'dk', 'dv', 'dsink', 'dbias', 'dalibi'])
        expect(outputs[name].elements, name).toBeGreaterThan(0);
    },
  );

  it.each(firstOf(worseProfiles, 2).map((profile) => [profile.id, profile] as const))('%s: it is found', (_, profile) => {
    let violations = 0;
    for (let from = 0; from < most && violations === 0; from += found) violations += judgeCases(profile, 0, from, from + found).violations;
    expect(violations).toBeGreaterThan(0);
  });
});
