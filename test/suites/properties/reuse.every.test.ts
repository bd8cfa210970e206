import { describe, expect, it } from 'vitest';
import { mutants } from '../../../adapters/controls/mutants/index.js';
import { historyLabels } from '../../../generators/history/labels.js';
import { isReused } from '../../../generators/history/reuse.js';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { validateCase } from '../../../generators/validate.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { ReuseOperation } from '../../../spec/types/documents.js';
import { whyNotClaimed } from '../../../suites/plan/not-claimed.js';
import { MutantJudge } from '../../../suites/power/judge-mutant.js';
import { reuse } from '../../../suites/properties/cache/reuse.js';
import { asksAll, firstOf } from '../../some.js';
import { claims, judgeKernel, library, referenceWith, tryCases } from './on-kernel.js';
import { caseOf } from './support.js';

const claimed = Claims.of(library, claims());
const schedule = (parts: Partial<ReuseOperation>): ReuseOperation => ({
  op: 'reuse',
  range: 2,
  lo: 100,
  hi: 900,
  steps: [950, 900, 800, 700],
  ...parts,
});

/** Which calls of a schedule reuse. */
function reusedIn({ steps, ...rest }: ReuseOperation): boolean[] {
  return steps.map((_, at) => isReused({ ...rest, steps: steps.slice(0, at + 1) }));
}

describe('a schedule of reuse', () => {
  it.skipIf(asksAll)('reuses between its limits, where the place is no multiple of the range', () => {
    expect(reusedIn(schedule({}))).toEqual([false, false, false, true]);
    expect(reusedIn(schedule({ hi: 901 }))).toEqual([false, true, false, true]);
    expect(reusedIn(schedule({ hi: 951, lo: 700 }))).toEqual([false, true, false, false]);
    // all calls after a step, as T-GATE has it
    expect(reusedIn(schedule({ range: 1000, hi: 801, lo: -1 }))).toEqual([false, false, true, true]);
    expect(reusedIn(schedule({ range: 1, hi: 1000, lo: -1 }))).toEqual([false, false, false, false]);
  });

  it.skipIf(asksAll)('is drawn with what it is about, and is a case', () => {
    const arbitrary = caseArbitrary(claimed, { operator: 'softmax', mask: 'any', dtype: 'f32', needs: reuse.needs });
    const counts: Record<string, number> = {};
    for (let index = 0; index < 200; index++) {
      const c = drawCase(arbitrary, caseSeed(5, index, 0)).value;
      validateCase(library, c, 'case');
      expect(whyNotClaimed(claimed, c)).toBeUndefined();
      for (const label of historyLabels(c)) counts[label] = (counts[label] ?? 0) + 1;
    }
    expect(counts['history:reuse']).toBeGreaterThan(80);
    expect(counts['history:no-reuse']).toBeGreaterThan(10);
    expect(counts['history:computed-after-reuse']).toBeGreaterThan(40);
    expect(counts['history:step-at-limit']).toBeGreaterThan(80);
  });

  it.skipIf(asksAll)('stands alone', () => {
    const c = caseOf();
    expect(() => validateCase(library, { ...c, history: [schedule({}), { op: 'create', page: 4 }] }, 'case')).toThrow(
      /\$\.history: found 2 operations/,
    );
    expect(() => validateCase(library, { ...c, history: [{ op: 'create', page: 4 }, schedule({})] }, 'case')).toThrow(/only operation/);
    expect(() => validateCase(library, { ...c, history: [schedule({ lo: 901 })] }, 'case')).toThrow(/must not be above hi = 900/);
    const unclaimed = Claims.of(library, claims({ reuse: false }));
    expect(whyNotClaimed(unclaimed, { ...c, history: [schedule({})] })).toMatch(/reuse of outputs is not claimed/);
  });
});

describe('reuse', () => {
  it.skipIf(asksAll)('makes a call for each step, with other values', () => {
    const c = caseOf({ history: [schedule({})] });
    const calls = reuse.calls(c, claimed).map((call) => call.case);
    expect(calls.map(({ values }) => values.seed)).toEqual([7, 8, 9, 10]);
    expect(calls.map(({ history }) => (history as [ReuseOperation])[0].steps.length)).toEqual([1, 2, 3, 4]);
    expect(calls.map(({ dims }) => dims)).toEqual(calls.map(() => c.dims));
  });

  it.skipIf(asksAll)('is asked where it is claimed', () => {
    expect(reuse.unsupported(claims({ reuse: false }))).toMatch(/not claimed/);
    expect(reuse.unsupported(claims())).toBeUndefined();
  });

  it.skipIf(asksAll)('passes a kernel that stores its output', async () => {
    expect(await tryCases(reuse, referenceWith(), 20)).toEqual({ decided: 20 });
  });

  it.skipIf(asksAll)('leaves a computed call that is wrong to its own class', async () => {
    const wrong = referenceWith({ defaultScale: () => 3 });
    expect(await judgeKernel(reuse, wrong, caseOf({ history: [schedule({})] }))).toMatchObject({ class: 'value', call: 0 });
  });

  it.each(mutants.flatMap((mutant) => (mutant.class === 'Reused outputs' ? [[mutant.id, mutant] as const] : [])))(
    'kills %s on every seed',
    async (_, mutant) => {
      for (const seed of firstOf([0, 1, 2, 3, 4], 1)) {
        const judge = new MutantJudge(library, { seed, runs: 50, filter: ['softmax/any/reuse/f32'], speed: 'slow' });
        expect((await judge.run(mutant)).kill?.check, `seed ${seed}`).toBe('softmax/any/reuse/f32');
      }
    },
    120_000,
  );
});
