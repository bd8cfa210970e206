import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Name of the file by which the Vulkan loader finds SwiftShader, which Chromium brings in its own folder. */
const driverFile = 'vk_swiftshader_icd.json';

/** Folders of Chromium where its command on the path is a script. */
const usualFolders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/usr/lib64/chromium-browser', '/opt/google/chrome'];

type Environment = Record<string, string | undefined>;

/**
 * Vulkan driver file of SwiftShader, which computes on the CPU: beside the executable that CHROME_PATH names, else in a usual folder
 * of Chromium. Returns undefined if there is none.
 */
export function swiftshaderDriver({ CHROME_PATH: chromium }: Environment = process.env, folders = usualFolders): string | undefined {
  const beside = chromium && existsSync(chromium) ? [dirname(realpathSync(chromium))] : [];
  return [...beside, ...folders].map((folder) => join(folder, driverFile)).find((path) => existsSync(path));
}

/**
 * Makes SwiftShader the Vulkan driver of this process, for a Dawn that is created afterwards. Returns false if there is no SwiftShader,
 * if it already is the driver, or if the user named the drivers.
 */
export function useSwiftshader(environment: Environment = process.env, driver = swiftshaderDriver(environment)): boolean {
  const isNamed = Boolean(environment.VK_DRIVER_FILES || environment.VK_ICD_FILENAMES);
  if (process.platform !== 'linux' || isNamed || driver === undefined || driver.includes(delimiter)) return false;
  environment.VK_DRIVER_FILES = driver;
  return true;
}
