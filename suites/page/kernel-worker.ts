import { findBrowserGpu } from '../../adapters/backends/chromium/browser-gpu.js';
import { Crashed, Unavailable } from '../../adapters/kernel.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { createLibrary } from '../../spec/library.js';
import { KernelCalls } from '../runner/host/kernel-calls.js';
import { TensorPacker } from '../runner/host/wire.js';
import { capabilitiesOf, type Implementation } from './implementation.js';
import type { FromKernel, ToKernel, WorkerScope } from './messages.js';

// Kernel's worker, without an oracle; the page ends it if it hangs.

const scope = globalThis as unknown as WorkerScope<ToKernel, FromKernel>;
const packer = new TensorPacker();
let calls: KernelCalls | undefined;

async function start(implementation: Implementation): Promise<void> {
  try {
    const gpu = await findBrowserGpu();
    const kernel = await gpu.open(implementation.algorithm);
    const capabilities = resolveCapabilities(capabilitiesOf(implementation, gpu.f16), implementation.id);
    calls = new KernelCalls(Claims.of(createLibrary(), capabilities), kernel, packer);
    scope.postMessage({ type: 'opened', f16: gpu.f16, environment: gpu.environment });
  } catch (error) {
    const [reason, remedy] =
      error instanceof Unavailable ? [error.reason, error.remedy] : [`it did not start: ${(error as Error).message}`, 'see the message'];
    scope.postMessage({ type: 'unavailable', reason, remedy });
  }
}

async function run({ cases }: Extract<ToKernel, { type: 'batch' }>): Promise<void> {
  for (const each of cases) {
    try {
      const reply = await (calls as KernelCalls).run(each, () => scope.postMessage({ type: 'alive' }));
      const data = packer.take().slice().buffer;
      scope.postMessage({ type: 'reply', reply, data }, [data]);
    } catch (error) {
      const how = error instanceof Crashed ? error.how : 'error';
      scope.postMessage({ type: 'crashed', class: how, message: (error as Error).message });
      return;
    }
  }
}

scope.onmessage = ({ data: message }) => void (message.type === 'start' ? start(message.implementation) : run(message));
