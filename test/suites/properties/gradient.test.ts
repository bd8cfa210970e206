import { describe, expect, it } from 'vitest';
import { gradient } from '../../../suites/properties/kernel/gradient.js';
import { capabilitiesOf, caseOf, diagnosed, judge, kernelAfter, rightKernel } from './support.js';

const capabilities = capabilitiesOf({ gradients: true });
const c = caseOf({ mask: { name: 'causal' }, sizes: { m: 5, n: 3, g: 2 } });

describe('gradient', () => {
  it('is asked only of kernels that claim a gradient', () => {
    expect(gradient.unsupported(capabilities)).toBeUndefined();
    expect(gradient.unsupported(capabilitiesOf())).toMatch(/no gradients/);
    expect(gradient.unsupported(capabilitiesOf({ gradients: ['dlse'] }))).toMatch(/no gradients/);
  });

  it('passes a right kernel', () => {
    expect(judge(gradient, rightKernel, c, capabilities)).toEqual({ status: 'pass' });
  });

  it('fails a dK that is off by one per cent, and says so', () => {
    const kernel = kernelAfter((output, x) => (output === 'dk' ? 1.01 * x : x));
    expect(diagnosed(gradient, kernel, c, capabilities)).toMatchObject({
      class: 'gradient',
      output: 'dk',
      hint: 'every element of dk is 1.01 times the expected value',
    });
  });

  it('fails NaN in any gradient', () => {
    for (const bad of ['dq', 'dk', 'dv']) {
      const kernel = kernelAfter((output, x, at) => (output === bad && at === 40 ? NaN : x));
      expect(judge(gradient, kernel, { ...c, mask: { name: 'full' }, dims: { ...c.dims, n: 8 } }, capabilities)).toMatchObject({
        class: 'nan',
        output: bad,
      });
    }
  });

  it('wants dq of rows without keys to be exactly zero', () => {
    const kernel = kernelAfter((output, x, at) => (output === 'dq' && at === 0 ? 1e-30 : x));
    expect(judge(gradient, kernel, c, capabilities)).toMatchObject({ class: 'empty-row', output: 'dq', index: [0, 0, 0, 0] });
  });

  it('judges only the gradients that are claimed', () => {
    const kernel = kernelAfter((output, x) => (output === 'dk' ? 2 * x : x));
    expect(judge(gradient, kernel, c, capabilitiesOf({ gradients: ['q', 'v'] }))).toEqual({ status: 'pass' });
  });
});
