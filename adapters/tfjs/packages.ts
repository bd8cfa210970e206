import { cpus } from 'node:os';
import { Unavailable } from '../adapter.js';

/**
 * An optional package, under ESM or CommonJS.
 * @param specifier a variable, so that type checking does not ask for what is not installed.
 * @throws {Unavailable} where it is missing or does not load.
 */
export async function load<T>(specifier: string, remedy: string): Promise<T> {
  try {
    const module = await import(specifier);
    return (module.default ?? module) as T;
  } catch (error) {
    const [firstLine] = (error as Error).message.split('\n');
    throw new Unavailable(`${specifier} does not load: ${firstLine}`, remedy);
  }
}

export function host(): Record<string, string> {
  return { node: process.version, platform: process.platform, arch: process.arch, cpu: cpus()[0]?.model ?? 'unknown' };
}
