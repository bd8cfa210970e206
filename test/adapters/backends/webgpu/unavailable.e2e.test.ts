import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { compiledFile } from '../../../../adapters/system/compiled-file.js';

// a Vulkan loader that finds no driver; the folder is read when it starts, so in a process of its own
const noDriver = { VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' };

it.runIf(process.platform === 'linux')('without a driver f32 is claimed, and opening says what to install', async () => {
  const index = new URL(`file://${compiledFile('adapters/backends/webgpu/index.js')}`).href;
  const script = `
    const { loadWebgpu } = await import(${JSON.stringify(index)});
    const adapter = await loadWebgpu('webgpu', 'flash');
    const error = await adapter.open().catch((error) => error);
    console.log(JSON.stringify({ dtypes: adapter.capabilities.dtypes, name: error.name, reason: error.reason, remedy: error.remedy }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...noDriver },
  });
  expect(JSON.parse(stdout)).toEqual({
    dtypes: ['f32'],
    name: 'Unavailable',
    reason: expect.stringContaining('Dawn'),
    remedy: expect.stringContaining('mesa-vulkan-drivers'),
  });
});
