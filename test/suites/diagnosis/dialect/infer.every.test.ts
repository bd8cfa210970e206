import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standardSteps } from '../../../../adapters/controls/reference/steps/steps.js';
import { type Dialect, dialectAxes, fullDialect } from '../../../../spec/dialect.js';
import { planDialect } from '../../../../suites/diagnosis/dialect/plan.js';
import { dialectKernel } from '../../../kernels/dialects.js';
import { asksAll, someOf } from '../../../some.js';
import { axes, claims, everyValue, found, foundIn, infer, outputsIn, outputsOf, told, withElements } from './inferred.js';

describe('what is inferred', () => {
  it.each(someOf(everyValue, ([axis]) => axis))('is %s=%s, and the default of every other axis', async (axis, value) => {
    const expected: Record<string, string> = { ...fullDialect(), [axis]: value };
    expect(foundIn(await outputsIn({ [axis]: value }))).toEqual({ ...expected, defaultEps: told(expected.defaultEps) });
  });

  it.skipIf(asksAll)('is every eps apart in float64', async () => {
    for (const value of dialectAxes.defaultEps) {
      const wide = claims({ dtypes: ['f64'], operators: ['linear-causal'] });
      const answers = (await outputsOf(dialectKernel({ defaultEps: value }).forward, wide, 'f64')).map((outputs) => ({ outputs }));
      expect(infer(answers, wide, 'f64').find(({ axis }) => axis === 'defaultEps')?.values).toEqual([value]);
    }
    const none = planDialect(claims({ operators: ['softmax'] }), 'f32').axes.find(({ axis }) => axis === 'defaultEps');
    expect(none?.notAsked).toBe('no operator with the option eps is claimed');
  });

  it.skipIf(asksAll)('is every axis of any combination, whatever is declared', async () => {
    const anyDialect = fc.record(
      Object.fromEntries(axes.map((axis) => [axis, fc.constantFrom(...dialectAxes[axis])])),
    ) as unknown as fc.Arbitrary<Dialect>;
    await fc.assert(
      fc.asyncProperty(anyDialect, anyDialect, async (behaves, declares) => {
        const seen = await found(dialectKernel(behaves).forward, claims({ dialect: declares }));
        // where it sees the keys that were to be hidden, their NaN says nothing
        const says = seen.maskedNaN !== 'not-inferred' || behaves.booleanMask === declares.booleanMask;
        const maskedNaN = says ? behaves.maskedNaN : 'not-inferred';
        expect(seen).toEqual({ ...behaves, maskedNaN, defaultEps: told(behaves.defaultEps) });
      }),
      { numRuns: 2 },
    );
  });

  it.skipIf(asksAll)('is right of a kernel that is wrong elsewhere', async () => {
    const paddedScale = { defaultScale: () => 1 / 4 };
    expect(await found(dialectKernel({ causal: 'top-left' }, paddedScale).forward)).toMatchObject({
      causal: 'top-left',
      heads: 'grouped',
      window: 'inclusive',
      emptyOutput: 'zero',
      defaultScale: 'not-inferred',
    });
    const lseOff: Partial<typeof standardSteps> = { logSumExp: (a, row) => 1.01 * standardSteps.logSumExp(a, row) };
    expect(await found(dialectKernel({ alibi: 'distance', window: 'exclusive' }, lseOff).forward)).toMatchObject({
      alibi: 'distance',
      window: 'exclusive',
      lseBase: 'not-inferred',
    });
  });

  it.skipIf(asksAll)('is right of a kernel that is less accurate than it says', async () => {
    const kernel = dialectKernel({ causal: 'top-left', lseBase: '2' });
    const rough = withElements(kernel.forward, (x) => x * (1 + 1e-4));
    expect(await found(rough)).toEqual({ ...fullDialect(), causal: 'top-left', lseBase: '2' });
  });

  it.skipIf(asksAll)('is no base of the LSE where the sum alone has another logarithm', async () => {
    const mixed: Partial<typeof standardSteps> = {
      logSumExp: (a, row) => (row.sum === 0 ? -Infinity : a.round(row.max + a.round(Math.log2(row.sum)))),
    };
    const forward = dialectKernel({}, mixed).forward;
    const findings = infer(
      (await outputsOf(forward, claims())).map((outputs) => ({ outputs })),
      claims(),
    );
    expect(findings.find(({ axis }) => axis === 'lseBase')).toMatchObject({
      status: 'not-inferred',
      reason: 'one answer is 2, but another fits no value: it is wrong in another way',
    });
  });

  it.skipIf(asksAll)('is two values where the outputs are the same', async () => {
    expect(await found(dialectKernel({}).forward, claims({ outputs: ['o'] }))).toMatchObject({
      alibi: 'relative or key',
      lseBase: 'not-asked',
      emptyLse: 'not-asked',
    });
  });
});
