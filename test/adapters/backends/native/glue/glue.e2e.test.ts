import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../../../../adapters/adapter.js';
import { ggml, llmc } from '../../../../../adapters/backends/native/glue/index.js';
import { problemOf } from '../../../../../generators/problem.js';
import { tensorsOf } from '../../../../../generators/tensors.js';
import { resolveCapabilities } from '../../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../../spec/library.js';
import { expectationOf } from '../../../../../spec/oracle/oracle.js';
import { valuesOf } from '../../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../../spec/types/documents.js';
import { title } from '../../../../backend.js';
import { expectUnavailableWithout } from '../../../support/unavailable.js';

const library = createLibrary();
const projects: readonly (readonly [Adapter, variable: string])[] = [
  [ggml, 'ATTN_CTS_GGML'],
  [llmc, 'ATTN_CTS_LLMC'],
];

/** With one head both layouts are the same. */
const c: Case = {
  operator: 'softmax',
  dims: { b: 2, hk: 1, g: 1, m: 5, n: 5, d: 4, e: 4 },
  mask: { name: 'causal' },
  options: {},
  dtype: 'f32',
  layout: 'blhd',
  values: { distribution: 'normal', seed: 1 },
};

describe.each(projects)('glue of $id', (adapter, variable) => {
  it('makes valid claims', () => {
    expect(resolveCapabilities(adapter.capabilities, adapter.id).layouts).toEqual(['blhd']);
  });

  it('is unavailable without the project, with the remedy', () => expectUnavailableWithout(variable, adapter));

  const missing = process.env[variable] ? undefined : `set ${variable}`;
  it.skipIf(missing)(title('computes attention with it', { ...(missing && { missing }) }), async () => {
    const claims = Claims.of(library, resolveCapabilities(adapter.capabilities, adapter.id));
    const kernel = await adapter.open();
    for (const backward of [false, true]) {
      if (backward && !adapter.capabilities.gradients) continue;
      const tensors = tensorsOf(claims, c, backward ? 'backward' : 'forward');
      const found = await (backward ? kernel.backward : kernel.forward)?.call(kernel, { case: c, tensors });
      for (const [name, { value }] of Object.entries(expectationOf(problemOf(claims, c, backward), backward).outputs)) {
        if (found?.[name]) valuesOf(found[name]).forEach((x, i) => void expect(x).toBeCloseTo(value[i], 5));
      }
    }
  });
});
