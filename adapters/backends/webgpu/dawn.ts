/// <reference types="@webgpu/types" />

import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { Unavailable } from '../../kernel.js';
import { describeAdapter } from './describe-adapter.js';

/** Name of the file by which the Vulkan loader finds SwiftShader, which Chromium brings. */
const driverFile = 'vk_swiftshader_icd.json';

const usualFolders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/usr/lib64/chromium-browser', '/opt/google/chrome'];

type Environment = Record<string, string | undefined>;

/** Returns SwiftShader's Vulkan driver file, beside CHROME_PATH or in a usual folder. */
export function swiftshaderDriver({ CHROME_PATH: chromium }: Environment = process.env, folders = usualFolders): string | undefined {
  const beside = chromium && existsSync(chromium) ? [dirname(realpathSync(chromium))] : [];
  return [...beside, ...folders].map((folder) => join(folder, driverFile)).find((path) => existsSync(path));
}

/** Makes SwiftShader the Vulkan driver; returns false without it, or if the user chose drivers. */
export function useSwiftshader(environment: Environment = process.env, driver = swiftshaderDriver(environment)): boolean {
  const isNamed = Boolean(environment.VK_DRIVER_FILES || environment.VK_ICD_FILENAMES);
  if (process.platform !== 'linux' || isNamed || driver === undefined || driver.includes(delimiter)) return false;
  environment.VK_DRIVER_FILES = driver;
  return true;
}

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
