/// <reference types="@webgpu/types" />
import { DeviceLost, type Kernel, Unavailable } from '../../kernel.js';
import type { Algorithm } from '../webgpu/capabilities.js';
import { describeAdapter } from '../webgpu/describe-adapter.js';
import { createWebGpuKernel } from '../webgpu/kernel.js';

/** GPU of a browser, from a page or a worker. */
export interface BrowserGpu {
  readonly f16: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** @throws {Unavailable} */
  open(algorithm: Algorithm): Promise<Kernel>;
}

const remedy = 'a browser with WebGPU (Chrome 113, Safari 26, Firefox 141 or newer), with hardware acceleration on, and a GPU driver';

/** @throws {Unavailable} if the browser has no WebGPU, or finds no device for it. */
export async function findBrowserGpu(): Promise<BrowserGpu> {
  const { gpu, userAgent } = (globalThis as unknown as { navigator: { gpu?: GPU; userAgent: string } }).navigator;
  if (!gpu) throw new Unavailable('this browser has no WebGPU', remedy);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Unavailable('this browser finds no GPU', remedy);
  const environment = { browser: userAgent, ...describeAdapter(adapter) };
  return {
    f16: adapter.features.has('shader-f16'),
    environment,
    open: async (algorithm) => {
      const opened = await openDevice(adapter);
      return watched(opened, createWebGpuKernel(opened, algorithm, environment));
    },
  };
}

/** Opens a device with all limits of the adapter, and f16 if it has it. */
async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits: Record<string, number> = {};
  for (const name in adapter.limits) requiredLimits[name] = (adapter.limits as unknown as Record<string, number>)[name];
  try {
    return await adapter.requestDevice({ requiredFeatures: adapter.features.has('shader-f16') ? ['shader-f16'] : [], requiredLimits });
  } catch (error) {
    throw new Unavailable(`the GPU cannot be opened: ${(error as Error).message}`, remedy);
  }
}

/** Rejects pending calls when the device is lost; they might wait for ever. */
function watched(device: GPUDevice, kernel: Kernel): Kernel {
  let disposed = false;
  const lost = device.lost.then(({ reason, message }): never => {
    throw new DeviceLost(`the GPU device is lost (${reason}): ${message}`);
  });
  lost.catch(() => {});
  const { backward } = kernel;
  return {
    environment: kernel.environment,
    forward: (call) => Promise.race([kernel.forward(call), lost]),
    ...(backward && { backward: (call) => Promise.race([backward.call(kernel, call), lost]) }),
    async [Symbol.asyncDispose]() {
      if (!disposed) await kernel[Symbol.asyncDispose]();
      disposed = true;
    },
  };
}
