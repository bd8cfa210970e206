import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Lists a library's exported functions by `nm`; undefined if nm fails. */
export async function exportedFunctions(library: string): Promise<string[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)('nm', ['-D', '--defined-only', library], { maxBuffer: 1 << 26 });
    return parseSymbols(stdout);
  } catch {
    return undefined;
  }
}

/** Parses lines `address type name` for functions (T, W, i), without _init and _fini. */
export function parseSymbols(listing: string): string[] {
  const names = [...listing.matchAll(/^[0-9a-fA-F]+ [TWi] (\S+)$/gm)].map(([, name]) => name.replace(/@.*$/, ''));
  return names.filter((name) => name !== '_init' && name !== '_fini');
}
