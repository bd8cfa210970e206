import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Case } from '../../../spec/types/documents.js';
import type { CalledCase } from '../../../suites/runner/run/case-runner.js';
import { type FakeVerdict, failed, fakeRunner, pass } from './fake-runner.js';

const verdicts = {
  pass,
  failed: failed('value'),
  undecided: { status: 'undecided', reason: 'no bound' },
  throws: 'throws',
  'out-of-memory': 'out-of-memory',
} satisfies Record<string, FakeVerdict>;

test('every case has its own outcome, whoever gave it, and every case that passed is counted once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...(Object.keys(verdicts) as (keyof typeof verdicts)[])), { maxLength: 20 }),
      async (kinds) => {
        const cases = kinds.map((kind, i): CalledCase => {
          const c = { kind, values: { seed: i } } as unknown as Case;
          return { case: c, calls: [{ command: 'forward', case: c }] };
        });
        const runner = fakeRunner((c) => verdicts[(c as unknown as { kind: keyof typeof verdicts }).kind]);
        const { outcomes, segments } = await runner.judge(cases, await runner.call(cases));
        const names = outcomes.map((o) => (o.status !== 'failed' ? o.status : o.class === 'refused' ? 'throws' : 'failed'));
        expect(names).toEqual(kinds);
        expect(segments.reduce((sum, s) => sum + s.cases, 0)).toBe(kinds.length);
        let at = 0;
        for (const segment of segments) {
          const own = kinds.slice(at, at + segment.cases);
          expect(segment.coverage.passed ?? 0).toBe(own.filter((kind) => kind === 'pass').length);
          // what ends a check ends its segment, so that nothing after it counts
          expect(own.slice(0, -1).some((kind) => kind === 'failed' || kind === 'throws')).toBe(false);
          at += segment.cases;
        }
      },
    ),
  );
});
