import { describe, expect, it } from 'vitest';
import { doppler } from '../../../../adapters/backends/wgsl/doppler.js';
import { builtIns } from '../../../../adapters/registry.js';
import { problemOf } from '../../../../generators/problem.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { expectationOf } from '../../../../spec/oracle/oracle.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';
import { backend, title } from '../../../backend.js';
import { expectUnavailableWithout } from '../../support/unavailable.js';

const webgpu = await backend('webgpu');
const library = createLibrary();
const variable = 'ATTN_CTS_DOPPLER';
const missing = process.env[variable] ? webgpu : { missing: `set ${variable}` };

/** With one head both layouts are the same. */
const c: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 1, n: 5, d: 4, e: 4 },
  mask: { name: 'full' },
  options: { softcap: 2 },
  dtype: 'f32',
  layout: 'blhd',
  values: { distribution: 'normal', seed: 1 },
};

describe.each(Object.keys(builtIns).filter((id) => id.startsWith('doppler-')))('%s', (id) => {
  const adapter = doppler(id);

  it('makes valid claims', () => {
    expect(resolveCapabilities(adapter.capabilities, id).limits.e).toBe('=d');
  });

  it('is unavailable without the project, with the remedy', () => expectUnavailableWithout(variable, adapter));

  it.skipIf(missing.missing)(title('computes attention with it', missing), async () => {
    const claims = Claims.of(library, resolveCapabilities(adapter.capabilities, id));
    await using kernel = await adapter.open();
    const mask = id.endsWith('window') ? { name: 'sliding-window', parameters: { left: 3, right: 0 } } : { name: 'full' };
    const own: Case = { ...c, mask, dialect: adapter.capabilities.dialect ?? {} };
    const found = await kernel.forward({ case: own, tensors: tensorsOf(claims, own, 'forward') });
    const { value } = expectationOf(problemOf(claims, own, false), false).outputs.o;
    valuesOf(found.o).forEach((x, i) => void expect(x).toBeCloseTo(value[i], 5));
  });
});
