import { describe, expect, it } from 'vitest';
import { nonInterference } from '../../../suites/properties/non-interference.js';
import { capabilitiesOf, caseOf, expectationOf, type FakeKernel, judge, rightKernel, stored } from './support.js';

const hidden = caseOf({ mask: { name: 'padding', parameters: { lengths: [3, 6] } } });

/** Multiplies masked values by zero instead of leaving them out. */
const leaking: FakeKernel = (problem, call) => {
  const outputs = stored(problem, expectationOf(problem, false));
  const bad = problem.inputs.v.data.some((x) => !Number.isFinite(0 * x));
  if (bad) outputs.o.data[4] = NaN;
  return call.command === 'forward' ? outputs : {};
};

describe('non-interference', () => {
  it('passes a kernel that leaves hidden slots out, whatever they hold', () => {
    for (const seed of [0, 1, 2, 3])
      expect(judge(nonInterference, rightKernel, { ...hidden, values: { distribution: 'normal', seed } })).toEqual({ status: 'pass' });
  });

  it('poisons with every kind, by seed, and finitely where the dialect says that NaN leaks', () => {
    const kind = (seed: number, capabilities = capabilitiesOf()) =>
      nonInterference.calls({ ...hidden, values: { distribution: 'normal', seed } }, capabilities).map((call) => call.case.values.poison);
    expect([0, 1, 2, 3].map((seed) => kind(seed)[1])).toEqual(['nan', 'inf', '-inf', 'huge']);
    expect(kind(0)[0]).toBeUndefined();
    expect(kind(0, capabilitiesOf({ dialect: { maskedNaN: 'leaks' } }))[1]).toBe('finite');
  });

  it('compares with a clean call where the case was drawn with poison', () => {
    const c = { ...hidden, values: { distribution: 'poison' as const, seed: 4, poison: 'huge' as const } };
    expect(nonInterference.calls(c, capabilitiesOf()).map((call) => call.case.values)).toEqual([
      { distribution: 'normal', seed: 4 },
      { distribution: 'normal', seed: 4, poison: 'huge' },
    ]);
  });

  it('fails a kernel in which a masked NaN leaks', () => {
    const judgement = judge(nonInterference, leaking, { ...hidden, values: { distribution: 'normal', seed: 0 } });
    expect(judgement).toMatchObject({
      status: 'fail',
      class: 'non-interference',
      output: 'o',
      index: [0, 0, 1, 1],
      actual: 'NaN',
      call: 1,
    });
  });

  it('fails a change in the last bit', () => {
    const kernel: FakeKernel = (problem, call, index) => {
      const outputs = rightKernel(problem, call, index);
      if (index === 1) outputs.lse.data[0] += 2 ** -22;
      return outputs;
    };
    expect(judge(nonInterference, kernel, hidden)).toMatchObject({ class: 'non-interference', output: 'lse', index: [0, 0, 0] });
  });

  it('leaves the rows out whose output is the mean over all keys', () => {
    const c = caseOf({ mask: { name: 'padding', parameters: { lengths: [0, 6] } }, dialect: { emptyOutput: 'mean' } });
    expect(judge(nonInterference, rightKernel, { ...c, values: { distribution: 'normal', seed: 3 } })).toEqual({ status: 'pass' });
    const kernel: FakeKernel = (problem, call, index) => {
      const outputs = rightKernel(problem, call, index);
      if (index === 1) outputs.o.data[40] += 1;
      return outputs;
    };
    expect(judge(nonInterference, kernel, c)).toMatchObject({ class: 'non-interference', output: 'o' });
  });

  it('is undecided where no key is hidden, or a softcap after the mask shows it again', () => {
    expect(judge(nonInterference, rightKernel, caseOf())).toEqual({ status: 'undecided', reason: 'no hidden key' });
    const shown = { ...hidden, options: { softcap: 5 }, dialect: { softcap: 'after-mask' as const } };
    expect(judge(nonInterference, rightKernel, shown)).toEqual({ status: 'undecided', reason: 'no hidden key' });
  });

  it('is not asked where nothing can be hidden', () => {
    expect(nonInterference.unsupported(capabilitiesOf({ masks: ['full', 'causal'], denseMask: false }))).toMatch(/hides a key/);
    expect(nonInterference.unsupported(capabilitiesOf({ masks: ['full'], denseMask: 'additive' }))).toBeUndefined();
  });
});
