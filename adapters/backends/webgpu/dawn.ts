/// <reference types="@webgpu/types" />
import { createRequire } from 'node:module';
import { Unavailable } from '../../kernel.js';
import { useSwiftshader } from '../../system/swiftshader.js';
import { describeAdapter } from './describe-adapter.js';

/** WebGPU in this process on Dawn, the implementation that Chromium uses. */
export interface Dawn {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  /** Versions of the package webgpu and of Node.js, and the adapter's description of its device and driver. */
  readonly environment: Record<string, string>;
}

/** Exports of the npm package webgpu. */
interface Package {
  create(options: string[]): GPU;
  readonly globals: object;
}

/** Remedy where no driver was found that Dawn takes. Mesa's software driver is one from Mesa 23 on. */
export const driverRemedy =
  'apt install libvulkan1 chromium, whose SwiftShader is a software driver, or mesa-vulkan-drivers, or a GPU driver';

let loaded: Promise<GPU> | undefined;

/**
 * Opens Dawn, which is loaded once. Every call gets its own adapter, because an adapter gives one device only. Where no driver of the
 * machine serves, SwiftShader does, if Chromium has brought it.
 * @throws {Unavailable} if the package or a driver is missing.
 */
export async function openDawn(): Promise<Dawn> {
  loaded ??= load();
  const gpu = await loaded;
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Unavailable('Dawn finds no GPU, and no software driver', driverRemedy);
  return { gpu, adapter, environment: { webgpu: packageVersion(), node: process.version, ...describeAdapter(adapter) } };
}

async function load(): Promise<GPU> {
  const { create, globals } = await loadPackage();
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // an instance of Dawn has looked for its drivers once
  return (await gpu.requestAdapter()) || !useSwiftshader() ? gpu : create([]);
}

/**
 * Opens a device with the adapter's full limits of storage and workgroups, and those of the features that the adapter has.
 * @throws {Unavailable} if the adapter gives no device.
 */
export async function openDevice(adapter: GPUAdapter, features: readonly GPUFeatureName[] = ['shader-f16']): Promise<GPUDevice> {
  const { limits } = adapter;
  try {
    return await adapter.requestDevice({
      requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
        maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
        maxComputeWorkgroupSizeY: limits.maxComputeWorkgroupSizeY,
        maxComputeWorkgroupSizeZ: limits.maxComputeWorkgroupSizeZ,
      },
    });
  } catch (error) {
    throw new Unavailable(`the GPU cannot be opened: ${(error as Error).message}`, driverRemedy);
  }
}

/** Name of the package in a variable, so that bundlers and type checks do not look for it: it may not be installed. */
const packageName = 'webgpu';

async function loadPackage(): Promise<Package> {
  try {
    return (await import(packageName)) as Package;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code?.endsWith('MODULE_NOT_FOUND');
    throw new Unavailable(
      missing ? 'the package webgpu is not installed' : `the package webgpu does not load: ${message.split('\n')[0]}`,
      'npm install webgpu',
    );
  }
}

function packageVersion(): string {
  return (createRequire(import.meta.url)(`${packageName}/package.json`) as { version: string }).version;
}
