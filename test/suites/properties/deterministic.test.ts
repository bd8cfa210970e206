import { describe, expect, it } from 'vitest';
import { Claims } from '../../../spec/claims/claims.js';
import { deterministic } from '../../../suites/properties/kernel/deterministic.js';
import { capabilitiesOf, caseOf, type FakeKernel, judge, kernelAfter, library, rightKernel } from './support.js';

const both = capabilitiesOf({ gradients: true, deterministic: { backward: true } });

const differing = (call: number, output: string, by: number): FakeKernel =>
  kernelAfter((name, x, at, index) => (index === call && name === output && at === 2 ? x + by : x));

describe('deterministic', () => {
  it('calls twice, backward too where that is claimed', () => {
    const commands = (capabilities = both) => deterministic.calls(caseOf(), Claims.of(library, capabilities)).map((call) => call.command);
    expect(commands()).toEqual(['forward', 'forward', 'backward', 'backward']);
    expect(commands(capabilitiesOf({ gradients: true }))).toEqual(['forward', 'forward']);
    expect(commands(capabilitiesOf())).toEqual(['forward', 'forward']);
  });

  it('passes the same bits, NaN too, right or wrong', () => {
    expect(judge(deterministic, rightKernel, caseOf(), both)).toEqual({ status: 'pass' });
    expect(
      judge(
        deterministic,
        kernelAfter(() => NaN),
        caseOf(),
        both,
      ),
    ).toEqual({ status: 'pass' });
  });

  it('fails a difference in any call, of the last bit or of a zero’s sign', () => {
    expect(judge(deterministic, differing(1, 'lse', 2 ** -22), caseOf(), both)).toMatchObject({
      class: 'not-deterministic',
      output: 'lse',
      index: [0, 0, 2],
      call: 1,
    });
    expect(judge(deterministic, differing(3, 'dv', 1), caseOf(), both)).toMatchObject({
      class: 'not-deterministic',
      output: 'dv',
      call: 3,
    });
    const signs = kernelAfter((_, _x, _at, index) => (index === 0 ? 0 : -0));
    expect(judge(deterministic, signs, caseOf(), both)).toMatchObject({
      class: 'not-deterministic',
      call: 0,
      actual: 0,
      message: expect.stringContaining('is 0 in one call and -0 in another'),
    });
  });

  it('is not asked of a kernel that does not claim it', () => {
    expect(deterministic.unsupported(capabilitiesOf({ deterministic: { forward: false } }))).toMatch(/not claimed/);
    expect(deterministic.unsupported(capabilitiesOf())).toBeUndefined();
  });
});
