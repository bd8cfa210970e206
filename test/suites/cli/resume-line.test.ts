import { describe, expect, it } from 'vitest';
import { resumeLine } from '../../../suites/cli/resume-line.js';

describe('the command line that goes on with a run', () => {
  it.each([
    [
      ['judge', 'my kernel.py:f', '--json', '--time-limit', '30'],
      undefined,
      "attn-cts judge 'my kernel.py:f' --json --time-limit 60 --resume",
    ],
    [['run', '--time-limit=5', '--resume'], undefined, 'attn-cts run --time-limit=10 --resume'],
    [['run', '--seed', 'random'], 7, 'attn-cts run --seed 7 --resume'],
    [['run', '--seed=random'], 7, 'attn-cts run --seed=7 --resume'],
  ])('%j', (given, seed, line) => {
    expect(resumeLine(given, seed, 'attn-cts')).toBe(line);
  });
});
