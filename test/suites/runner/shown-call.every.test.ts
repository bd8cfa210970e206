import { expect, test } from 'vitest';
import type { Kernel } from '../../../adapters/kernel.js';
import type { Capabilities, CheckResult, FailureSummary } from '../../../spec/types/documents.js';
import { forwardOf } from '../properties/on-kernel.js';
import { checked } from './checked.js';

/** A kernel that gives the mask no part. */
const unmasked: Kernel = forwardOf((call, right) => right({ ...call, case: { ...call.case, mask: { name: 'full' } } }));

/** A kernel that adds something else to its outputs in every call. */
function drifting(size: number): Kernel {
  let calls = 0;
  return forwardOf(async (call, right) => {
    const { o, ...outputs } = await right(call);
    const by = size * calls++;
    return { ...outputs, o: { ...o, data: (o.data as Float32Array).map((x) => Math.fround(x + by * x)) } };
  });
}

/** Hidden slots hold a finite number, of which a score may be so low that the key weighs nothing. */
const leaking = { causal: 'top-left', maskedNaN: 'leaks' } as const;

/** Element of the shown tensors that a failure names. */
function shownAt({ tensors, output = '', index = [] }: FailureSummary, kind: 'expected' | 'actual'): unknown {
  const { shape = [], values } = tensors?.[kind][output] ?? {};
  return values?.[index.reduce((sum, at, axis) => sum * shape[axis] + at, 0)];
}

const failureOf = ({ verdict, failure }: CheckResult) => {
  expect(verdict).toBe('fail');
  return failure as FailureSummary;
};

const kernels: [string, () => Kernel, string, Partial<Capabilities>][] = [
  ['wrong in the first call alone', () => unmasked, 'softmax/any/non-interference/f32', { masks: ['causal'], dialect: leaking }],
  ['wrong in every call but one', () => drifting(0.5), 'softmax/any/stateless/f32', {}],
  ['otherwise wrong in each call', () => drifting(0.5), 'softmax/any/deterministic/f32', {}],
  ['within its bound in each call', () => drifting(2 ** -22), 'softmax/any/deterministic/f32', {}],
];

test.each(kernels)(
  'expected and actual value are those of the tensors that are shown, of a kernel that is %s',
  async (_, kernel, id, claims) => {
    const failure = failureOf(await checked(kernel(), id, { deterministic: { forward: true }, ...claims }));
    expect(failure.tensors?.actual.o?.values).toBeDefined();
    expect(shownAt(failure, 'actual')).toBe(failure.actual);
    expect(shownAt(failure, 'expected')).toBe(failure.expected);
    expect(failure.actual).not.toBe(failure.expected);
    expect(failure.message).toContain(String(failure.actual));
    expect(failure.message).toContain(String(failure.expected));
  },
);
