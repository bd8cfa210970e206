/// <reference types="@webgpu/types" />
import { createRequire } from 'node:module';
import { Unavailable } from '../../kernel.js';
import { useSwiftshader } from '../../system/swiftshader.js';
import { describeAdapter } from './describe-adapter.js';

/** WebGPU on Dawn, the implementation in Chromium. */
export interface Dawn {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  /** Versions of the package webgpu and of Node.js, and device and driver of the adapter. */
  readonly environment: Record<string, string>;
}

interface Package {
  create(options: string[]): GPU;
  readonly globals: object;
}

/** Remedy if Dawn accepts no driver. It accepts Mesa's software driver from Mesa 23 on. */
export const driverRemedy =
  'apt install libvulkan1 chromium, whose SwiftShader is a software driver, or mesa-vulkan-drivers, or a GPU driver';

let loaded: Promise<GPU> | undefined;

/** Opens Dawn with a fresh adapter, on SwiftShader if there is no driver. @throws {Unavailable} */
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
  // a Dawn instance looks for drivers only once
  return (await gpu.requestAdapter()) || !useSwiftshader() ? gpu : create([]);
}

/** Opens a device with the adapter's limits and features. @throws {Unavailable} if that fails. */
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

/** A variable, so that bundlers and type checks ignore the optional package. */
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
