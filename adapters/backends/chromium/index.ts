import type { Adapter } from '../../adapter.js';
import { Crashed, DeviceLost, type Kernel, OutOfMemory, Unavailable, Unsupported } from '../../kernel.js';
import { type Algorithm, webgpuCapabilities } from '../webgpu/capabilities.js';
import { openBrowser } from './browser.js';
import { Exchange } from './exchange.js';
import { type CallMessage, decodeAnswer, encodeCall, type PageError } from './messages.js';

const titles: Readonly<Record<Algorithm, string>> = {
  flash: 'WGSL in headless Chromium: tiled flash attention',
  naive: 'WGSL in headless Chromium: materialised scores',
  'split-kv': 'WGSL in headless Chromium: split-KV decode',
};

/** Adapter of our WGSL kernels in a real browser. It claims f32: whether the device has f16 is known only when the browser runs. */
export function webgpuChromium(id: string, algorithm: Algorithm): Adapter {
  return {
    id,
    title: titles[algorithm],
    // tensors are sent to the page contiguous
    capabilities: { ...webgpuCapabilities(algorithm, { f16: false }), strided: false, device: 'webgpu-chromium' },
    open: () => openKernel(algorithm),
  };
}

async function openKernel(algorithm: Algorithm): Promise<Kernel> {
  const exchange = await Exchange.open();
  try {
    const first = exchange.first();
    first.catch(() => {});
    const page = await openBrowser(`${exchange.url}?algorithm=${algorithm}`, (error) => exchange.fail(error));
    const close = async () => {
      await page.close();
      await exchange.close();
    };
    try {
      const answer = decodeAnswer(await first);
      if ('error' in answer) throw errorOf(answer.error);
      return kernelOf(exchange, { chromium: page.version, ...answer.environment }, close);
    } catch (error) {
      await page.close();
      throw error;
    }
  } catch (error) {
    await exchange.close();
    throw error;
  }
}

function kernelOf(exchange: Exchange, environment: Readonly<Record<string, string>>, close: () => Promise<void>): Kernel {
  const call = async (message: CallMessage) => {
    const answer = decodeAnswer(await exchange.send(encodeCall(message)));
    if ('error' in answer) throw errorOf(answer.error);
    return answer.tensors;
  };
  return {
    environment,
    forward: ({ case: c, tensors }) => call({ command: 'forward', case: c, tensors }),
    backward: ({ case: c, tensors }) => call({ command: 'backward', case: c, tensors }),
    [Symbol.asyncDispose]: close,
  };
}

/** Converts an error that the page threw to the matching error class of this process. */
function errorOf({ name, message, remedy, how }: PageError): Error {
  if (remedy !== undefined) return new Unavailable(message, remedy);
  if (how !== undefined) return how === 'device-lost' ? new DeviceLost(message) : new Crashed(how, message);
  if (name === 'OutOfMemory') return new OutOfMemory(message);
  if (name === 'Unsupported') return new Unsupported(message);
  return Object.assign(new Error(message), { name });
}
