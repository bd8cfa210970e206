import { reference } from '../../dist/adapters/controls/reference/index.js';
import { parallelCall } from '../../dist/adapters/parallel/job/parallel-call.js';
import { tensorsOf } from '../../dist/generators/tensors.js';
import { resolveCapabilities } from '../../dist/spec/claims/capabilities.js';
import { Claims } from '../../dist/spec/claims/claims.js';
import { createLibrary } from '../../dist/spec/library.js';
import type { Case } from '../../spec/types/documents.js';

const ORDERS = 1000;

/** Orders of messages of a ring, forward and backward, on 8 simulated ranks of small shape. */
export async function benchOrders(): Promise<void> {
  const library = createLibrary();
  const capabilities = resolveCapabilities(reference.capabilities, reference.id);
  const kernel = await reference.open();
  const c: Case = {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 1, m: 8, n: 8, d: 2, e: 2 },
    mask: { name: 'causal' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 3 },
  };
  const { dlse: _, ...tensors } = tensorsOf(Claims.of(library, capabilities), c, 'backward');
  const parallel = { scheme: 'ring', ranks: 8, orders: ORDERS };
  const begun = performance.now();
  await parallelCall(library, kernel, capabilities, { case: { ...c, parallel }, tensors }, true);
  const seconds = (performance.now() - begun) / 1000;
  console.log(`orders of a ring on 8 ranks, forward and backward (target 500 a second): ${Math.round(ORDERS / seconds)} a second`);
}
