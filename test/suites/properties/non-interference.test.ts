import { describe, expect, it } from 'vitest';
import { Claims } from '../../../spec/claims/claims.js';
import type { Dialect } from '../../../spec/types/documents.js';
import { nonInterference } from '../../../suites/properties/kernel/non-interference.js';
import { capabilitiesOf, caseOf, expectationOf, type FakeKernel, judge, judged, library, rightKernel, stored } from './support.js';

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
    const kind = (seed: number, dialect?: Dialect) =>
      nonInterference
        .calls({ ...hidden, values: { distribution: 'normal', seed }, ...(dialect && { dialect }) }, Claims.of(library, capabilitiesOf()))
        .map((call) => call.case.values.poison);
    expect([0, 1, 2, 3].map((seed) => kind(seed)[1])).toEqual(['nan', 'inf', '-inf', 'huge']);
    expect(kind(0)[0]).toBeUndefined();
    expect(kind(0, { maskedNaN: 'leaks' })[1]).toBe('finite');
  });

  it('compares with a clean call where the case was drawn with poison', () => {
    const c = { ...hidden, values: { distribution: 'poison' as const, seed: 4, poison: 'huge' as const } };
    expect(nonInterference.calls(c, Claims.of(library, capabilitiesOf())).map((call) => call.case.values)).toEqual([
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

  it('counts zeros whose sign hidden slots decide, which are no failure', () => {
    const c = caseOf({ mask: { name: 'padding', parameters: { lengths: [0, 6] } } });
    const kernel: FakeKernel = (problem, call, index) => {
      const outputs = rightKernel(problem, call, index);
      outputs.o.data[1] = 0;
      if (index === 1) outputs.o.data.set([-0, -0]);
      return outputs;
    };
    const { judgement, statistics } = judged(nonInterference, kernel, c);
    expect(judgement).toEqual({ status: 'pass' });
    expect(statistics.o.zeroSigns).toEqual({ hidden: 2, empty: 0 });
    const wrong: FakeKernel = (problem, call, index) => {
      const outputs = kernel(problem, call, index);
      if (index === 1) outputs.o.data[40] += 1;
      return outputs;
    };
    expect(judge(nonInterference, wrong, c)).toMatchObject({ class: 'non-interference', output: 'o' });
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

describe('non-interference of a kernel that is not deterministic', () => {
  const undetermined = capabilitiesOf({ deterministic: { forward: false } });
  /** The right outputs; those of the call with the poison are changed. */
  const changing =
    (change: (outputs: Record<'o' | 'lse', Float32Array>) => void): FakeKernel =>
    (problem, call, index) => {
      const outputs = rightKernel(problem, call, index);
      if (index === 1) change({ o: outputs.o.data as Float32Array, lse: outputs.lse.data as Float32Array });
      return outputs;
    };

  it('passes a change within the bound', () => {
    const kernel = changing(({ lse }) => {
      lse[0] += 2 ** -22;
    });
    expect(judge(nonInterference, kernel, hidden)).toMatchObject({ status: 'fail' });
    expect(judge(nonInterference, kernel, hidden, undetermined)).toEqual({ status: 'pass' });
  });

  it('fails a change that is outside of it', () => {
    const kernel = changing(({ o }) => {
      o[4] += 0.01;
    });
    expect(judge(nonInterference, kernel, hidden, undetermined)).toMatchObject({ class: 'non-interference', output: 'o', call: 1 });
  });

  it('fails a NaN and an infinity, where the oracle decides the element and where it does not', () => {
    const unbounded: typeof expectationOf = (problem, gradients) => {
      const expectation = expectationOf(problem, gradients);
      expectation.outputs.o.bound[4] = Infinity;
      return expectation;
    };
    for (const value of [NaN, Infinity, -Infinity]) {
      const kernel = changing(({ o }) => {
        o[4] = value;
      });
      for (const oracle of [expectationOf, unbounded])
        expect(judge(nonInterference, kernel, hidden, undetermined, oracle)).toMatchObject({
          status: 'fail',
          class: 'non-interference',
          index: [0, 0, 1, 1],
        });
    }
  });

  it('leaves a kernel that is wrong without the poison too to the oracle, and rows that are a mean over all keys out', () => {
    const wrong: FakeKernel = (problem, call, index) => {
      const outputs = rightKernel(problem, call, index);
      outputs.o.data[4] += 0.01 * (index + 1);
      return outputs;
    };
    expect(judge(nonInterference, wrong, hidden, undetermined)).toEqual({ status: 'pass' });
    const c = caseOf({ mask: { name: 'padding', parameters: { lengths: [0, 6] } }, dialect: { emptyOutput: 'mean' } });
    const mean = changing(({ o, lse }) => {
      o[0] += 1;
      lse[20] += 2 ** -22;
    });
    expect(judge(nonInterference, mean, c, undetermined)).toEqual({ status: 'pass' });
  });
});
