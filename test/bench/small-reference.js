import { reference } from '../../dist/adapters/controls/reference/index.js';

/**
 * The reference adapter on small problems alone: b ≤ 2, heads ≤ 4, m, n ≤ 64, d, e ≤ 32.
 * Compiled, as `--adapter reference` is: code that is transpiled on the fly reads its imports through getters.
 */
export default {
  ...reference,
  id: 'small-reference',
  capabilities: {
    ...reference.capabilities,
    dtypes: ['f32'],
    limits: { b: { max: 2 }, hk: { max: 2 }, g: { max: 2 }, m: { max: 64 }, n: { max: 64 }, d: { max: 32 }, e: { max: 32 } },
  },
};
