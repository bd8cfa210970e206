import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { swiftshaderDriver, useSwiftshader } from '../../../../adapters/backends/webgpu/dawn.js';

const folder = mkdtempSync(join(tmpdir(), 'attn-cts-swiftshader-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const browser = join(folder, 'browser');
mkdirSync(browser);
const driver = join(browser, 'vk_swiftshader_icd.json');
for (const file of [driver, join(browser, 'chrome')]) writeFileSync(file, '');
symlinkSync(join(browser, 'chrome'), join(folder, 'chromium'));

describe('swiftshaderDriver', () => {
  it('is beside the executable that CHROME_PATH leads to, else in a usual folder', () => {
    expect(swiftshaderDriver({ CHROME_PATH: join(folder, 'chromium') }, [])).toBe(driver);
    expect(swiftshaderDriver({}, [folder, browser])).toBe(driver);
    expect(swiftshaderDriver({ CHROME_PATH: join(folder, 'none') }, [folder])).toBeUndefined();
  });
});

// elsewhere Dawn asks no Vulkan loader
describe.skipIf(process.platform !== 'linux')('useSwiftshader', () => {
  it('names the driver to the Vulkan loader, once', () => {
    const environment: Record<string, string | undefined> = {};
    expect(useSwiftshader(environment, driver)).toBe(true);
    expect(environment).toEqual({ VK_DRIVER_FILES: driver });
    expect(useSwiftshader(environment, driver)).toBe(false);
  });

  it.each(['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'])('leaves the drivers that %s names', (variable) => {
    const environment = { [variable]: '/mine.json' };
    expect(useSwiftshader(environment, driver)).toBe(false);
    expect(environment).toEqual({ [variable]: '/mine.json' });
  });

  it('does nothing where there is no SwiftShader', () => {
    expect(useSwiftshader({ CHROME_PATH: '/nowhere/chromium' }, undefined)).toBe(swiftshaderDriver({}) !== undefined);
  });
});
