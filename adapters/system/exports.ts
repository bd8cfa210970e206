import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Names of the functions that a library exports, as `nm` lists them; undefined where there is no nm, or it cannot read the file. */
export async function exportedFunctions(library: string): Promise<string[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)('nm', ['-D', '--defined-only', library], { maxBuffer: 1 << 26 });
    return parseSymbols(stdout);
  } catch {
    return undefined;
  }
}

/** Lines are `address type name`; T and W are functions, and _init and _fini in every library. */
export function parseSymbols(listing: string): string[] {
  const names = [...listing.matchAll(/^[0-9a-fA-F]+ [TWi] (\S+)$/gm)].map(([, name]) => name.replace(/@.*$/, ''));
  return names.filter((name) => name !== '_init' && name !== '_fini');
}
