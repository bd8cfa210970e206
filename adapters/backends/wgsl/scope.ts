/// <reference types="@webgpu/types" />
import { DeviceLost, OutOfMemory } from '../../kernel.js';

/**
 * Runs work on a device and throws the errors that WebGPU reports apart from it: lack of memory, validation errors, loss of the device.
 * @throws {OutOfMemory | DeviceLost | Error}
 */
export async function scoped<T>(device: GPUDevice, work: () => Promise<T>): Promise<T> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const [result] = await Promise.allSettled([work()]);
  const [invalid, full] = await Promise.allSettled([device.popErrorScope(), device.popErrorScope()]);
  // device.lost comes first, so that it wins if the device is already lost
  const lost = await Promise.race([device.lost, undefined]);
  if (lost) throw new DeviceLost(lost.message || `the device is lost (${lost.reason})`);
  if (full.status === 'fulfilled' && full.value) throw new OutOfMemory(full.value.message);
  if (invalid.status === 'fulfilled' && invalid.value) throw new Error(invalid.value.message);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
