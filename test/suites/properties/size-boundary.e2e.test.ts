import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../adapters/adapter.js';
import type { Call } from '../../../adapters/kernel.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { sizeBoundary } from '../../../suites/properties/kernel/size-boundary.js';
import { forwardOf, referenceWith, tryCases } from './on-kernel.js';

/** The key at 2¹⁶ and those after it are read where a 16-bit counter points. */
const narrowCounter = forwardOf((call, right) => right({ ...call, tensors: { ...call.tensors, ...wrapped(call) } }));

function wrapped({ case: c, tensors }: Call): Record<string, Tensor> {
  const { n, d, e } = c.dims;
  const rows = ({ data, ...rest }: Tensor, width: number): Tensor => {
    const copy = data.slice();
    for (let at = 0; at < copy.length; at += n * width)
      for (let j = 2 ** 16; j < n; j++) copy.set(data.subarray(at + (j - 2 ** 16) * width, at + (j - 2 ** 16 + 1) * width), at + j * width);
    return { ...rest, data: copy };
  };
  return { k: rows(tensors.k, d), v: rows(tensors.v, e) };
}

describe('size-boundary', () => {
  it('passes a correct kernel', async () => {
    expect(await tryCases(sizeBoundary, referenceWith(), 8)).toEqual({ decided: 8 });
  }, 20_000);

  it('fails a 16-bit counter of keys, which the sizes of other properties do not reach', async () => {
    const { failure, case: c } = await tryCases(sizeBoundary, narrowCounter, 50);
    expect(failure).toMatchObject({ class: 'value', output: 'o' });
    expect(c?.dims.n).toBe(65537);
    expect((await tryCases(oracle, narrowCounter, 15)).failure).toBeUndefined();
  }, 20_000);
});
