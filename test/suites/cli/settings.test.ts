import { describe, expect, it } from 'vitest';
import { mergeSettings } from '../../../suites/cli/settings.js';

describe('settings', () => {
  it('have defaults', () => {
    expect(mergeSettings({}, {})).toEqual({
      adapters: [],
      profiles: [],
      filter: [],
      seed: 0,
      runs: 50,
      timeLimit: undefined,
      timeout: 10,
      startTimeout: 120,
      jobs: undefined,
      expectations: undefined,
      reporters: ['terminal'],
      out: 'attn-cts-out',
      resume: false,
      quick: false,
      verbose: false,
      bail: undefined,
      allowIncomplete: false,
      failOnWarnings: false,
      updateExpectations: false,
      slow: undefined,
      spec: [],
      dialect: {},
    });
  });

  it('are those of a quick run, unless they are given', () => {
    expect(mergeSettings({ quick: true, runs: 7 }, { profiles: ['training'] })).toMatchObject({
      quick: true,
      runs: 7,
      profiles: ['training'],
      speed: 'slow',
    });
    expect(mergeSettings({ quick: true }, {})).toMatchObject({ runs: 2, profiles: ['core'] });
    // a named kernel may compute another operator than softmax, of which core has no check
    const withOperators = { runs: 2, profiles: ['core', 'training', 'serving', 'operators'] };
    expect(mergeSettings({ quick: true, adapters: ['kernel.py'] }, {})).toMatchObject(withOperators);
    expect(mergeSettings({ quick: true }, { adapters: ['kernel.py'] })).toMatchObject(withOperators);
  });

  it('come from the configuration, and flags win', () => {
    const config = { adapters: ['reference'], runs: 7, seed: 3, timeout: 1, dialect: { causal: 'top-left', window: 'exclusive' } } as const;
    const merged = mergeSettings(
      { adapters: ['./k.js'], runs: 9, dialect: ['causal=bottom-right'] },
      { ...config, adapters: [...config.adapters] },
    );
    expect(merged).toMatchObject({
      adapters: ['./k.js'],
      runs: 9,
      seed: 3,
      timeout: 1,
      dialect: { causal: 'bottom-right', window: 'exclusive' },
    });
  });

  it('fail on warnings where the configuration or a flag says so', () => {
    expect(mergeSettings({}, { failOnWarnings: true }).failOnWarnings).toBe(true);
    expect(mergeSettings({ failOnWarnings: true }, {}).failOnWarnings).toBe(true);
  });

  it('leave a random seed to be drawn when the adapters have started', () => {
    expect(mergeSettings({ seed: 'random' }, { seed: 5 }).seed).toBe('random');
  });
});
