import { describe, expect, it } from 'vitest';
import type { Call, Outputs } from '../../../adapters/kernel.js';
import type { Case } from '../../../spec/types/documents.js';
import { longContext } from '../../../suites/properties/kernel/long.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { asksAll } from '../../some.js';
import { claims, forwardOf, referenceWith, tryCases } from './on-kernel.js';

/** The offset of a row in the scores of all heads is kept in 20 bits: rows beyond are those at its beginning again. */
const narrowOffset = forwardOf(async (call, right) => {
  const outputs = await right(call);
  const { m, n, e } = call.case.dims;
  const data = outputs.o.data.slice();
  for (let row = 0; row * e < data.length; row++) {
    const kept = Math.floor(((row * n) % 2 ** 20) / n);
    data.copyWithin(row * e, kept * e, (kept + 1) * e);
  }
  return m * n < 2 ** 14 ? outputs : { ...outputs, o: { ...outputs.o, data } };
});

describe('long-context', () => {
  it.skipIf(asksAll)(
    'passes a correct kernel',
    async () => {
      expect(await tryCases(longContext, referenceWith(), 2)).toEqual({ decided: 2 });
    },
    20_000,
  );

  it.skipIf(!asksAll)(
    'judges every key of dk and dv by the cotangents of a few rows',
    async () => {
      const right = referenceWith();
      const backward = claims({ gradients: ['q', 'k', 'v'], limits: { m: { max: 512 }, n: { max: 512 } } });
      expect(await tryCases(longContext, right, 1, 'f32', backward)).toEqual({ decided: 1 });
      const lastKeyStale = {
        ...right,
        backward: async (call: Call) => {
          const gradients = (await right.backward?.(call)) as Outputs;
          const data = gradients.dv.data.slice();
          data.copyWithin(data.length - call.case.dims.e, data.length - 2 * call.case.dims.e, data.length - call.case.dims.e);
          return { ...gradients, dv: { ...gradients.dv, data } };
        },
      };
      const { failure } = await tryCases(longContext, lastKeyStale, 3, 'f32', backward);
      expect(failure).toMatchObject({ class: 'gradient', output: 'dv', call: 1 });
    },
    60_000,
  );

  it.skipIf(asksAll)(
    'fails an offset that only long sequences of many heads overflow',
    async () => {
      const { failure, case: c } = await tryCases(longContext, narrowOffset, 3);
      expect(failure).toMatchObject({ class: 'value', output: 'o' });
      const [b, h, i, x] = failure?.index ?? [];
      const { hk, g, m, n, e } = (c as Case).dims;
      expect([b, h < hk * g, i < m, x < e]).toEqual([0, true, true, true]);
      expect((h * m + i) * n).toBeGreaterThan(2 ** 19);
      expect((await tryCases(oracle, narrowOffset, 15)).failure).toBeUndefined();
    },
    20_000,
  );
});
