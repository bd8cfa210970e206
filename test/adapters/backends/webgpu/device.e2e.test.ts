import { afterEach, describe, expect, it } from 'vitest';
import { compileShader } from '../../../../adapters/backends/webgpu/compile.js';
import { openDawn, openDevice } from '../../../../adapters/backends/webgpu/dawn.js';
import { createWebGpuKernel } from '../../../../adapters/backends/webgpu/kernel.js';
import { backend, title } from '../../../backend.js';
import { createCall } from '../../controls/reference/calls.js';

const here = await backend('webgpu');

describe.skipIf(here.missing)(title('a device of Dawn', here), () => {
  const opened: GPUDevice[] = [];
  const open = async () => {
    const device = await openDevice((await openDawn()).adapter);
    opened.push(device);
    return device;
  };
  afterEach(() => {
    for (const device of opened.splice(0)) device.destroy();
  });

  it('says where a shader does not compile', async () => {
    const device = await open();
    const broken = '@compute @workgroup_size(1)\nfn main() {\n  let x: f32 = 1u;\n}\n';
    await expect(compileShader(device, broken, 'my kernel')).rejects.toMatchObject({
      name: 'ShaderError',
      label: 'my kernel',
      message: expect.stringMatching(/^my kernel does not compile:\n3:\d+ .*f32/),
    });
    await expect(compileShader(device, 'this is no WGSL', 'text')).rejects.toThrow(/^text does not compile:\n1:1 /);
    await expect(compileShader(device, broken.replace('1u', '1.0'), 'mended')).resolves.toBeTruthy();
  });

  it('ends the kernel when it is lost', async () => {
    const device = await open();
    const kernel = createWebGpuKernel(device, 'naive', {});
    const call = createCall({ dims: { b: 1, hk: 1, g: 1, m: 2, n: 3, d: 4, e: 5 }, seed: 0, dtype: 'f32' });
    await kernel.forward(call);
    device.destroy();
    await expect(kernel.forward(call)).rejects.toMatchObject({ name: 'Crashed', how: 'device-lost' });
  });

  it('counts a call that is too large for it as one for a larger machine', async () => {
    const device = await open();
    const kernel = createWebGpuKernel(device, 'naive', {});
    const most = device.limits.maxStorageBufferBindingSize;
    // scores [1, heads, m, n] just beyond one binding, of small inputs
    const side = Math.ceil(Math.sqrt(most / 4 / 64)) + 1;
    const call = createCall({ dims: { b: 1, hk: 1, g: 64, m: side, n: side, d: 1, e: 1 }, seed: 0, dtype: 'f32' });
    await expect(kernel.forward(call)).rejects.toMatchObject({ name: 'OutOfMemory', message: expect.stringContaining('scores') });
  });
});
