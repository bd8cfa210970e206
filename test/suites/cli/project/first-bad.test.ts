import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, firstBad } from '../../../../suites/cli/actions/project/first-bad.js';

const versions = (count: number) => Array.from({ length: count }, (_, i) => `0.${i}`);

describe('the first bad version', () => {
  it('is found, with every version between it and the last good one asked in vain', async () => {
    const shape = fc
      .integer({ min: 2, max: 40 })
      .chain((count) =>
        fc.tuple(
          fc.constant(count),
          fc.integer({ min: 1, max: count - 1 }),
          fc.array(fc.boolean(), { minLength: count, maxLength: count }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(shape, async ([count, bad, silent]) => {
        const all = versions(count);
        const answers = all.map((_, i): Answer => (silent[i] && i > 0 && i < count - 1 ? 'no answer' : i < bad ? 'passes' : 'fails'));
        const asked: string[] = [];
        const found = await firstBad(all, async (version) => {
          asked.push(version);
          return answers[all.indexOf(version)];
        });
        expect(new Set(asked).size).toBe(asked.length);
        if (found.problem !== undefined) throw new Error(found.problem);
        const [good, first] = [all.indexOf(found.good), all.indexOf(found.bad)];
        expect([answers[good], answers[first]]).toEqual(['passes', 'fails']);
        expect(answers.slice(good + 1, first).every((answer) => answer === 'no answer')).toBe(true);
        expect(found.between).toEqual(all.slice(good + 1, first));
        if (!answers.includes('no answer')) expect(asked.length).toBeLessThanOrEqual(3 + Math.log2(count));
      }),
    );
  });

  it.each([
    [['fails', 'fails'], '0.0, the good version: fails'],
    [['passes', 'passes'], '0.1, the bad version: passes'],
    [['passes', 'no answer'], '0.1, the bad version: no answer'],
  ] as const)('is none where the ends answer %j', async (answers, problem) => {
    expect(await firstBad(versions(2), async (version) => answers[versions(2).indexOf(version)])).toEqual({ problem });
  });
});
