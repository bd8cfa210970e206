import { describe, expect, it } from 'vitest';
import type { Case } from '../../../spec/types/documents.js';
import { gradient } from '../../../suites/properties/kernel/gradient.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { capabilitiesOf, caseOf, diagnosed, kernelAfter, kernelOf, maskFrom } from '../properties/support.js';

const c = caseOf({ mask: { name: 'causal' }, sizes: { m: 5, n: 7, hk: 2, g: 2 } });
const capabilities = capabilitiesOf({ gradients: true });

function hint(kernel: Parameters<typeof diagnosed>[1], drawn: Case = c, property = oracle): string | undefined {
  const judgement = diagnosed(property, kernel, drawn, capabilities);
  if (judgement.status !== 'fail') throw new Error('this kernel must fail');
  return judgement.hint;
}

describe('hints', () => {
  it.each([
    ['causal', 'top-left', c],
    ['heads', 'tiled', c],
    ['lseBase', '2', c],
    ['defaultScale', '1', c],
    ['lseSink', 'excluded', { ...c, options: { sink: true as const } }],
  ])('name the dialect %s=%s where it explains every element', (axis, value, drawn) => {
    const kernel = kernelOf((p) => ({
      dialect: { ...p.dialect, [axis]: value },
      mask: axis === 'causal' ? maskFrom(p.case, (_b, _h, i, j) => j <= i) : p.mask,
    }));
    const flag = `--dialect ${axis}=${value} (see the check softmax/any/dialect/f32)`;
    expect(hint(kernel, drawn)).toBe(`the output matches the dialect ${axis}=${value}: if this is intended, declare it with ${flag}`);
  });

  it('name an option, or the mask, that has no effect', () => {
    const without = (option: string) =>
      kernelOf(({ case: k, inputs: { [option]: _, ...inputs } }) => ({ inputs, case: { ...k, options: {} } }));
    expect(hint(without('scale'), { ...c, options: { scale: 3 } })).toBe('the output matches the case without scale');
    expect(hint(without('sink'), { ...c, options: { sink: true } })).toContain('the output matches the case without sink');
    const padded = caseOf({ mask: { name: 'padding', parameters: { lengths: [3, 6], side: 'right' } }, sizes: { b: 2, m: 5, n: 9 } });
    expect(
      hint(
        kernelOf((p) => ({ mask: maskFrom(p.case, () => true) })),
        padded,
      ),
    ).toBe('the output matches unmasked attention (the mask was probably ignored)');
  });

  it('name a sink counted twice, and a default scale from a padded head size', () => {
    const twice = kernelOf(({ inputs }) => ({
      inputs: { ...inputs, sink: { ...inputs.sink, data: inputs.sink.data.map((x) => x + Math.LN2) } },
    }));
    expect(hint(twice, { ...c, options: { sink: true } })).toBe('the output matches a sink counted twice');
    const padded = kernelOf((p) => ({ case: { ...p.case, options: { scale: 1 / Math.sqrt(8) } } }));
    expect(hint(padded)).toBe('the output matches a default scale from the head size padded to a multiple of 8');
  });

  it('name a tensor that is read with its rows for columns', () => {
    const transposed = kernelOf(({ inputs }) => {
      const { shape, data } = inputs.v;
      const [, , n, e] = shape;
      const at = (x: number) => x - (x % (n * e)) + (x % e) * n + Math.floor((x % (n * e)) / e);
      return { inputs: { ...inputs, v: { shape, data: data.map((_, x) => data[at(x)]) } } };
    });
    expect(hint(transposed)).toBe('the output matches a kernel that reads v with its sequence and feature axes swapped');
  });

  it('name a constant factor of a gradient', () => {
    expect(
      hint(
        kernelAfter((output, x) => (output === 'dq' ? Math.LOG2E * x : x)),
        c,
        gradient,
      ),
    ).toBe('every element of dq is 1/ln 2 times the expected value');
    expect(
      hint(
        kernelAfter((output, x) => (output === 'dv' ? -x : x)),
        c,
        gradient,
      ),
    ).toBe('every element of dv is −1 times the expected value');
  });

  it('say nothing where one element does not fit', () => {
    const almost = kernelAfter((output, x, at) => (output === 'dq' ? (at === 70 ? 2.1 : 2) * x : x));
    expect(hint(almost, c, gradient)).toBeUndefined();
    expect(hint(kernelAfter((output, x, at) => (output === 'o' && at === 7 ? x + 1 : x)))).toBeUndefined();
    expect(hint(kernelAfter(() => NaN))).toBeUndefined();
  });

  it('say nothing about a factor held by fewer than four different values', () => {
    const same = caseOf({
      mask: { name: 'causal' },
      sizes: { b: 1, hk: 1, m: 8, n: 1, d: 1, e: 1 },
      dialect: { causal: 'bottom-right' },
      options: { sink: true },
    });
    expect(
      hint(
        kernelAfter((output, x) => (output === 'lse' ? -0.37 * x : x)),
        same,
      ),
    ).toBeUndefined();
    const tiny = caseOf({ sizes: { b: 1, hk: 1, m: 1, n: 2, d: 1, e: 1 } });
    expect(
      hint(
        kernelAfter((output, x) => (output === 'o' ? 1.3 * x : x)),
        tiny,
      ),
    ).toBeUndefined();
  });
});
