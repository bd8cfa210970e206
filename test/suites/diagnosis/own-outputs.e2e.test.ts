import { describe, expect, it } from 'vitest';
import { mutants } from '../../../adapters/controls/mutants/index.js';
import { adapterOf } from '../../../adapters/controls/mutants/lib/adapter.js';
import type { Call, Kernel, Outputs } from '../../../adapters/kernel.js';
import { contiguous, type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { ownOutputs } from '../../../suites/diagnosis/own-outputs.js';
import { claims, forwardOf, judgeKernel, referenceWith } from '../properties/on-kernel.js';
import { caseOf } from '../properties/support.js';
import { checked } from '../runner/checked.js';
import { backwardWith } from './naive-backward.js';

const gradients = claims({ gradients: ['q', 'k', 'v'] });
const some: Case = caseOf({ sizes: { b: 1, hk: 2, g: 2, m: 3, n: 40 } });
const mutant = (id: string) => adapterOf(mutants.find((one) => one.id === id) as (typeof mutants)[number]).open();

const changed = (t: Tensor, change: (x: number) => number) => tensorOf(t.dtype as 'f32', t.shape, valuesOf(contiguous(t)).map(change));

/** A kernel whose LSE is too large, by which its backward pass divides. */
const off = 0.25;
const right = referenceWith();
const wrongLse: Kernel = {
  ...right,
  async forward(call: Call): Promise<Outputs> {
    const outputs = await right.forward(call);
    return { ...outputs, lse: changed(outputs.lse as Tensor, (x) => x + off) };
  },
  async backward(call: Call): Promise<Outputs> {
    const outputs = (await right.backward?.(call)) as Outputs;
    return Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, changed(t as Tensor, (x) => x * Math.exp(-off))]));
  },
};

const judge = (kernel: Kernel, c = some) => judgeKernel(ownOutputs, kernel, c, gradients);

describe('gradients by the outputs of the forward pass', () => {
  it.each([
    ['o', () => mutant('output-not-rescaled'), /over the o of the kernel's own forward pass, which is wrong$/],
    ['the LSE', async () => wrongLse, /over the LSE of the kernel's own forward pass, which is wrong$/],
  ])('follow from %s', async (_, open, text) => {
    expect(await judge(await open())).toMatchObject({ status: 'fail', class: 'entailed', message: expect.stringMatching(text) });
  });

  it('do not where the forward pass is right, or the backward pass does not read it, or has a fault of its own', async () => {
    const twice = forwardOf(async (call, own) => {
      const outputs = await own(call);
      return { ...outputs, o: changed(outputs.o, (x) => 2 * x) };
    });
    for (const kernel of [right, backwardWith({ delta: () => 0 }), twice]) expect((await judge(kernel)).status).toBe('pass');
  });

  it('are said to follow from them where nothing else explains a check', async () => {
    const { failure } = await checked(wrongLse, 'softmax/full/gradient/f32', { gradients: ['q', 'k', 'v'] });
    expect(failure).toMatchObject({
      hint: "the gradients are those of a right backward pass over the LSE of the kernel's own forward pass, which is wrong",
      entailed: true,
    });
    const { failure: own } = await checked(backwardWith({ scaleOfQ: (x) => x * 1.1 }), 'softmax/full/gradient/f32', {
      gradients: ['q', 'k', 'v'],
    });
    expect([own?.hint, own?.entailed]).toEqual([undefined, undefined]);
  });
});
