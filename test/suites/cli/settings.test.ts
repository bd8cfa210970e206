import { describe, expect, it } from 'vitest';
import { mergeSettings } from '../../../suites/cli/settings.js';

describe('settings', () => {
  it('have defaults', () => {
    expect(mergeSettings({}, {})).toEqual({
      adapters: [],
      profiles: [],
      filter: [],
      seed: 0,
      seedDrawn: false,
      runs: 50,
      timeLimit: undefined,
      timeout: 10,
      startTimeout: 120,
      jobs: undefined,
      expectations: undefined,
      reporters: ['terminal'],
      out: 'attn-cts-out',
      resume: false,
      bail: undefined,
      allowIncomplete: false,
      failOnWarnings: false,
      updateExpectations: false,
      apart: undefined,
      load: { python: undefined, tmp: undefined },
      spec: [],
      dialect: {},
    });
  });

  it('come from the configuration, and flags win', () => {
    const config = { adapters: ['reference'], runs: 7, seed: 3, timeout: 1, dialect: { causal: 'top-left', window: 'exclusive' } } as const;
    const merged = mergeSettings(
      { adapter: ['./k.js'], runs: 9, dialect: ['causal=bottom-right'] },
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

  it('draw a seed where asked to', () => {
    const { seed, seedDrawn } = mergeSettings({ seed: 'random' }, { seed: 5 });
    expect(seedDrawn).toBe(true);
    expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
  });
});
