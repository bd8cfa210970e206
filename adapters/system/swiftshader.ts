import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

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
