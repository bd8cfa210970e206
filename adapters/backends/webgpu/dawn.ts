/// <reference types="@webgpu/types" />
import { createRequire } from 'node:module';
import { Unavailable } from '../../kernel.js';
import { describeAdapter } from './describe-adapter.js';

/** WebGPU on Dawn, the implementation of Chromium, in this process. */
export interface Dawn {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  /** Of the package webgpu, of the device and of its driver. */
  readonly environment: Record<string, string>;
}

/** What the npm package gives. */
interface Package {
  create(options: string[]): GPU;
  readonly globals: object;
}

const driverRemedy = 'apt install mesa-vulkan-drivers libvulkan1, or a GPU driver';

let loaded: Promise<GPU> | undefined;

/** Dawn is loaded once; every call has an adapter of its own, as an adapter gives one device only. @throws {Unavailable} where the package or a driver is missing. */
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
  return create([]);
}

/** A device with all that the adapter has of storage, workgroups and the features that kernels use. @throws {Unavailable} */
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
    throw new Unavailable(`the GPU gives no device: ${(error as Error).message}`, driverRemedy);
  }
}

/** A variable, so that bundlers and type checks do not ask for what may not be installed. */
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
