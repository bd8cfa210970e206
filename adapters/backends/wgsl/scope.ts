/// <reference types="@webgpu/types" />
import { DeviceLost, OutOfMemory } from '../../kernel.js';

/** What WebGPU reports beside the work becomes an exception. @throws {OutOfMemory | DeviceLost | Error} */
export async function scoped<T>(device: GPUDevice, work: () => Promise<T>): Promise<T> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const [result] = await Promise.allSettled([work()]);
  const [invalid, full] = await Promise.allSettled([device.popErrorScope(), device.popErrorScope()]);
  // first in line, so that it wins where the device is already lost
  const lost = await Promise.race([device.lost, undefined]);
  if (lost) throw new DeviceLost(lost.message || `the device is lost (${lost.reason})`);
  if (full.status === 'fulfilled' && full.value) throw new OutOfMemory(full.value.message);
  if (invalid.status === 'fulfilled' && invalid.value) throw new Error(invalid.value.message);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
