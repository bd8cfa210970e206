import { cpus } from 'node:os';
import { Unavailable } from '../../kernel.js';

/** Imports an optional package, ESM or CommonJS. @throws {Unavailable} if it does not load. */
export async function load<T>(specifier: string, remedy: string): Promise<T> {
  try {
    const module = await import(specifier);
    return (module.default ?? module) as T;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Node's message would name the importing file
    const reason = code?.endsWith('MODULE_NOT_FOUND') ? 'is not installed' : `does not load: ${message.split('\n')[0]}`;
    throw new Unavailable(`${specifier} ${reason}`, remedy);
  }
}

export function host(): Record<string, string> {
  return { node: process.version, platform: process.platform, arch: process.arch, cpu: cpus()[0]?.model ?? 'unknown' };
}
