import { describe, expect, it } from 'vitest';
import { Claims } from '../../../spec/claims/claims.js';
import { tensorOf, transpose } from '../../../spec/tensor/tensor.js';
import { strided } from '../../../suites/properties/kernel/strided.js';
import { capabilitiesOf, caseOf, diagnosed, type FakeKernel, judge, kernelAfter, library, rightKernel } from './support.js';

const capabilities = capabilitiesOf({ strided: true, gradients: true });
const c = caseOf({ views: { v: { order: 'bldh' } } });

describe('strided', () => {
  it('is asked where strides or a second layout are claimed', () => {
    expect(strided.unsupported(capabilities)).toBeUndefined();
    expect(strided.unsupported(capabilitiesOf({ layouts: ['bhld', 'blhd'] }))).toBeUndefined();
    expect(strided.unsupported(capabilitiesOf())).toMatch(/neither/);
  });

  it('passes a right kernel, forward and backward', () => {
    expect(
      strided.calls(c, Claims.of(library, capabilities)).map(({ command, case: { views } }) => [command, views !== undefined]),
    ).toEqual([
      ['forward', false],
      ['forward', true],
      ['backward', false],
      ['backward', true],
    ]);
    expect(judge(strided, rightKernel, c, capabilities)).toEqual({ status: 'pass' });
  });

  it('passes a right kernel in another layout', () => {
    const layouts = capabilitiesOf({ layouts: ['bhld', 'blhd'] });
    const kernel: FakeKernel = (problem, call, index) => {
      const { o, lse } = rightKernel(problem, call, index);
      return { o: call.case.layout === 'blhd' ? transpose(o, [0, 2, 1, 3]) : o, lse };
    };
    expect(judge(strided, kernel, caseOf({ layout: 'blhd' }), layouts)).toEqual({ status: 'pass' });
  });

  it('fails a kernel that assumes contiguous tensors', () => {
    const forward = kernelAfter((output, x, at, index) => (index === 1 && output === 'o' && at === 5 ? x + 1 : x));
    expect(judge(strided, forward, c, capabilities)).toMatchObject({
      class: 'strided',
      output: 'o',
      call: 1,
      message: expect.stringMatching(/^contiguous tensors give the right result/),
    });
    expect(
      judge(
        strided,
        kernelAfter((_, x, at, index) => (index === 1 && at === 5 ? NaN : x)),
        c,
        capabilities,
      ),
    ).toMatchObject({ class: 'strided' });
    const backward = kernelAfter((output, x, at, index) => (index === 3 && output === 'dv' && at === 5 ? x + 1 : x));
    expect(judge(strided, backward, c, capabilities)).toMatchObject({ class: 'strided', output: 'dv', call: 3 });
  });

  it('gives a fault of contiguous tensors its own class, and leaves their gradients to the gradient property', () => {
    expect(
      judge(
        strided,
        kernelAfter((output, x) => (output === 'o' ? x + 1 : x)),
        c,
        capabilities,
      ),
    ).toMatchObject({ class: 'value', call: 0 });
    expect(
      judge(
        strided,
        kernelAfter((output, x) => (output === 'dv' ? x + 1 : x)),
        c,
        capabilities,
      ),
    ).toEqual({ status: 'pass' });
  });

  it('names swapped axes', () => {
    const kernel: FakeKernel = (problem, call, index) => {
      const outputs = rightKernel(problem, call, index);
      const { o } = outputs;
      if (index === 1)
        outputs.o = tensorOf(
          'f32',
          o.shape,
          Array.from({ length: o.data.length }, (_, at) => swappedHeads(o.data as Float32Array, o.shape, at)),
        );
      return outputs;
    };
    expect(diagnosed(strided, kernel, c, capabilities)).toMatchObject({
      class: 'strided',
      hint: 'o would fit if its head and sequence axes were swapped',
    });
  });

  it('is undecided without a view', () => {
    expect(judge(strided, rightKernel, caseOf(), capabilities)).toEqual({ status: 'undecided', reason: 'no view' });
    expect(judge(strided, rightKernel, caseOf({ views: {} }), capabilities).status).toBe('undecided');
  });
});

/** Element `at` of the data written in order [b, m, h, e]. */
function swappedHeads(data: Float32Array, [, h, m, e]: readonly number[], at: number): number {
  const x = at % e;
  const head = Math.floor(at / e) % h;
  const i = Math.floor(at / (e * h)) % m;
  const b = Math.floor(at / (e * h * m));
  return data[((b * h + head) * m + i) * e + x];
}
