import { describe, expect, it } from 'vitest';
import { visibilityOf } from '../../../../adapters/controls/mutants/lib/problem-steps.js';
import type { Steps } from '../../../../adapters/controls/reference/steps/steps.js';
import type { Call, Kernel } from '../../../../adapters/kernel.js';
import { type Tensor, transpose } from '../../../../spec/tensor/tensor.js';
import type { Capabilities, Layout } from '../../../../spec/types/documents.js';
import { asksAll, fewOf } from '../../../some.js';
import { naive, naiveClaims } from '../../diagnosis/naive.js';
import { otherLayout } from '../../diagnosis/other-layout.js';
import { forwardOf, referenceWith } from '../../properties/on-kernel.js';
import { checkedHint } from '../checked.js';

/** The kernel with noise in its output, which no claim explains. */
const wrong = (kernel: Kernel): Kernel => ({
  ...kernel,
  async forward(call) {
    const { o, ...others } = await kernel.forward(call);
    return { o: { ...o, data: o.data.map((x) => Math.fround(x + 0.37 * Math.sin(1e4 * x) + 0.1)) as Float32Array }, ...others };
  },
});

/** Kernel of one layout, which reads every tensor as one of its own. */
const ofLayout = (layout: Layout) =>
  forwardOf((call, right) => right(call.case.layout === layout ? call : { ...call, case: otherLayout(call.case) }));

const laid = (...layouts: Layout[]): Partial<Capabilities> => ({ layouts, outputs: ['o'], masks: ['full', 'causal'], denseMask: false });

describe('a kernel of another layout than it claims, which refuses most sizes', () => {
  it.each(fewOf(['softmax+cross/any/oracle/f32', 'softmax/any/dialect/f32', 'softmax/any/stateless/f32', 'softmax+all/any/oracle/f32'], 1))(
    'is told to declare it: %s',
    async (check) => {
      expect(await checkedHint(ofLayout('blhd'), check, laid('bhld'))).toMatch(
        /^with tensors of layout blhd, the kernel is right in (\d+) of \1 of these cases: if this is intended, declare it with "layouts": \["blhd"\] in its capabilities$/,
      );
    },
  );

  it('is told so where it has a scheme of its own too', async () => {
    const schemes = { halves: { worlds: [1, 2] } };
    expect(await checkedHint(ofLayout('blhd'), 'softmax+cross/any/oracle/f32', { ...laid('bhld'), schemes })).toMatch(
      /^with tensors of layout blhd/,
    );
  });

  it('is not told so where it claims both', async () => {
    expect((await checkedHint(ofLayout('blhd'), 'softmax+cross/any/oracle/f32', laid('bhld', 'blhd'))) ?? '').not.toContain('layout');
  });

  it.skipIf(!asksAll)('is not told so where it is wrong in the other layout too', async () => {
    expect(await checkedHint(wrong(referenceWith()), 'softmax+cross/any/oracle/f32', laid('bhld'))).toBeUndefined();
  });
});

const tiled: Partial<Steps> = { keyHead: (p, h) => h % p.hk };
const topLeft = visibilityOf((p) => ({ ...p, offset: 0 }));
const causal = { masks: ['causal'], denseMask: false as const, options: [] };

describe('a kernel of two other conventions', () => {
  it.each(fewOf(['softmax+all/any/oracle/f32', 'softmax+all/any/gradient/f32'], 1))(
    'is told both where neither alone explains what is wrong: %s',
    async (check) => {
      expect(await checkedHint(referenceWith({ ...tiled, ...topLeft }), check, causal)).toMatch(
        /^with the dialect heads=tiled, causal=top-left, the kernel is right in (\d+) of \1 of these cases: if this is intended, declare it with --dialect heads=tiled --dialect causal=top-left \(see the check softmax\/any\/dialect\/f32\)$/,
      );
    },
  );

  it.skipIf(!asksAll)('is told one of them where that explains it', async () => {
    const hint = await checkedHint(referenceWith({ ...tiled, ...topLeft }), 'softmax+grouped/any/oracle/f32', causal);
    expect(hint).toMatch(/^the output matches the dialect heads=tiled:/);
  });

  it.skipIf(!asksAll)('is told neither where there is another fault', async () => {
    const kernel = wrong(referenceWith({ ...tiled, ...topLeft }));
    expect(await checkedHint(kernel, 'softmax+all/any/oracle/f32', causal)).toBeUndefined();
  });
});

it.skipIf(!asksAll)('a kernel that multiplies hidden NaN by a weight of 0 is told its dialect by the check that this fails', async () => {
  expect(await checkedHint(naive, 'softmax/any/non-interference/f32', naiveClaims)).toMatch(
    /^with the dialect maskedNaN=leaks, the kernel is right in (\d+) of \1 of these cases: .* --dialect maskedNaN=leaks/,
  );
});

describe('a kernel that lets hidden NaN through, and reads a mask with its batch and head axes swapped where there are as many of both', () => {
  const swapping = forwardOf((call) => naive.forward(call.case.dims.b === call.case.dims.hk * call.case.dims.g ? swapped(call) : call));

  it.each(fewOf([0, 6], 2))('is not told a dialect by which most of its cases are right, and not all: seed %i', async (seed) => {
    const hint = (await checkedHint(swapping, 'softmax/any/non-interference/f32', naiveClaims, seed)) ?? '';
    expect(hint).not.toContain('maskedNaN=leaks');
  });
});

it('a kernel that lets hidden NaN through is not told so where no hidden slot is NaN', async () => {
  const kernel = forwardOf(async (call) => {
    const outputs = await naive.forward(call);
    // another fault, in what is given to be NaN alone
    if (call.case.dialect?.maskedNaN !== 'leaks' && call.case.dims.n > 3) (outputs.o.data as Float32Array).fill(NaN);
    return outputs;
  });
  expect((await checkedHint(kernel, 'softmax+all/any/oracle/f32', naiveClaims)) ?? '').not.toContain('maskedNaN');
});

/** The call with its mask [b, heads, m, n] read as [heads, b, m, n]. */
function swapped(call: Call): Call {
  return { ...call, tensors: { ...call.tensors, mask: transpose(call.tensors.mask as Tensor, [1, 0, 2, 3]) } };
}
