import { balanceOf } from '../../../spec/scheme/balance.js';
import { worldFor } from '../../../spec/scheme/world-for.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Property } from '../../contract/property.js';

/** The largest area of a rank over the mean is as documented. */
export const balance: Property = {
  name: 'balance',
  title: 'the work of the ranks is as balanced as the document states',
  perMask: false,
  perFeature: false,
  perScheme: true,
  needs: { balanced: true, distributions: ['normal'] },
  cases: 20,
  unsupported: () => undefined,
  calls: (c) => [{ command: 'forward', case: c }],
  judge: ({ case: c, claims, results }) => {
    const declared = balanceOf(worldFor(claims.library, c), c.mask);
    const { area } = results[0];
    if (!area) return { status: 'unsupported', reason: 'it does not report the work of its ranks' };
    if (!declared) return { status: 'undecided', reason: 'the document states no balance for this mask' };
    const areas = [...valuesOf(area)];
    const mean = areas.reduce((a, b) => a + b, 0) / areas.length;
    const found = mean === 0 ? 1 : Math.max(...areas) / mean;
    const right = declared.most ? found <= declared.value * (1 + 1e-12) : Math.abs(found - declared.value) <= 1e-12 * declared.value;
    if (right) return { status: 'pass' };
    return {
      status: 'fail',
      class: 'balance',
      expected: declared.value,
      actual: found,
      call: 0,
      message: `the largest area is ${found} times the mean, declared ${declared.most ? 'at most ' : ''}${declared.value}: [${areas.join(', ')}]`,
    };
  },
};
