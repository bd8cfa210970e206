import { describe, expect, it } from 'vitest';
import { tensor } from '../../../spec/tensor/tensor.js';
import { soak } from '../../../suites/properties/kernel/soak.js';
import { stateless } from '../../../suites/properties/kernel/stateless.js';
import { claims, forwardOf, referenceWith, tryCases } from './on-kernel.js';

/** A kernel that loses the first element of one output in so many. */
function spoilsOneIn(calls: number) {
  let count = 0;
  return forwardOf(async (call, right) => {
    const { o, ...rest } = await right(call);
    if (++count % calls !== 0) return { o, ...rest };
    const data = o.data.map((x, at) => (at === 0 ? 0 : x));
    return { ...rest, o: tensor(o.dtype, o.shape, data) };
  });
}

describe('soak', () => {
  it.each([false, true])('passes a right kernel, with gradients: %s', async (gradients) => {
    expect(await tryCases(soak, referenceWith(), 2, 'f32', claims({ gradients }))).toEqual({ decided: 2 });
  });

  it.each([true, false])('fails one that spoils every 97th call, deterministic by its claims: %s', async (forward) => {
    const claimed = claims({ deterministic: { forward, backward: false } });
    expect((await tryCases(soak, spoilsOneIn(97), 1, 'f32', claimed)).failure).toMatchObject({ class: 'stateless', output: 'o', call: 96 });
    expect((await tryCases(stateless, spoilsOneIn(97), 1, 'f32', claimed)).failure).toBeUndefined();
  });
});
