import { type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Case } from '../../adapter.js';
import type { Call, Kernel } from '../../kernel.js';

/**
 * Every shader once, on the smallest problem there is: drivers compile at the first dispatch, and a software driver takes seconds for it that no
 * case should be charged with.
 */
export async function warmUp(kernel: Kernel, capabilities: Capabilities): Promise<void> {
  for (const dtype of capabilities.dtypes) {
    const call = smallest(dtype);
    await kernel.forward(call);
    await kernel.backward?.(call);
  }
}

function smallest(dtype: Case['dtype']): Call {
  const four = [1, 1, 1, 1];
  const names: Record<string, readonly number[]> = { q: four, k: four, v: four, do: four, bias: four, alibi: [1], sink: [1] };
  const tensors: Tensors = Object.fromEntries(Object.entries(names).map(([name, shape]) => [name, tensor(dtype, shape)]));
  return {
    case: {
      operator: 'softmax',
      dims: { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 1, e: 1 },
      mask: { name: 'full' },
      options: { bias: true, alibi: true, sink: true },
      dtype,
      layout: 'bhld',
      values: { distribution: 'normal', seed: 0 },
    },
    tensors,
  };
}
