import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Adapter, Kernel } from '../../../adapters/adapter.js';
import { resolveCapabilities } from '../../../adapters/capabilities.js';
import { loadAdapter } from '../../../adapters/load.js';
import { createLibrary } from '../../../spec/library.js';
import { title } from '../../backend.js';
import { judgeInProcess } from '../../suites/judge-in-process.js';
import { pythonWith } from './python.js';

const torch = await pythonWith('numpy', 'torch');
const file = fileURLToPath(new URL('kernels/gathering.py', import.meta.url));

const open: Kernel[] = [];
afterAll(() => Promise.all(open.map((kernel) => kernel[Symbol.asyncDispose]())));

async function judged(name: string, filter: readonly string[] = []) {
  const adapter: Adapter = await loadAdapter(`python:${file}:${name}`, { python: torch.python });
  const kernel = await adapter.open();
  open.push(kernel);
  return judgeInProcess(createLibrary(), adapter, resolveCapabilities(adapter.capabilities, name), kernel, 3, filter);
}

describe.skipIf(torch.missing)(title('a torch.distributed scheme', torch), () => {
  it('that is right passes, its bytes and areas counted by the harness', { timeout: 180_000 }, async () => {
    const verdicts = await judged('right');
    expect(verdicts).toMatchObject({
      'refusal/any': 'pass',
      'single-device/full': 'pass',
      'single-device/causal': 'pass',
      'any-world/any': 'pass',
      'ledger/any': 'pass',
      'balance/any': 'pass',
      'interleaving/any': 'unsupported',
      'fault/any': 'unsupported',
      'round-trip/any': 'unsupported',
    });
  });

  it('that is wrong is found, and so is what it sends too much', { timeout: 180_000 }, async () => {
    const verdicts = await judged('wrong', ['**/{single-device,ledger}/f32@*']);
    expect(verdicts).toMatchObject({ 'single-device/full': 'pass', 'single-device/causal': 'value', 'ledger/any': 'ledger' });
  });

  it.each([
    ['zeros', 'value'],
    ['nan', 'nan'],
    ['half', 'shape'],
  ])('in which rank 1 gives %s fails', { timeout: 180_000 }, async (name, verdict) => {
    expect(await judged(name, ['softmax/full/single-device/f32@*'])).toEqual({ 'single-device/full': verdict });
  });
});
