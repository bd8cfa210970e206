import { loadKoffi } from './shared-library.js';

/** Memory between protected pages: writing to these ends the process with SIGSEGV. */
export interface GuardedPages {
  /** Maps zeros. @param bytes size in whole pages. @returns undefined without room. */
  map(bytes: number): ArrayBuffer | undefined;
}

/** Bytes of a page, at least 64 KiB, the largest usual page. */
export const pageBytes = 2 ** 16;
/** Protected bytes before and after; they use addresses, but no memory. */
const untouchable = 2 ** 26;

const readWrite = 3;
const privateAnonymous = new Map<string, number>([
  ['linux', 0x22],
  ['darwin', 0x1002],
]);

/** Returns guarded pages, or undefined on other platforms. @throws {Unavailable} without koffi. */
export async function guardedPages(): Promise<GuardedPages | undefined> {
  const flags = privateAnonymous.get(process.platform);
  if (flags === undefined) return undefined;
  const koffi = await loadKoffi();
  try {
    const libc = koffi.load(null);
    const mmap = libc.func('mmap', 'intptr_t', ['intptr_t', 'size_t', 'int', 'int', 'int', 'int64_t']);
    const mprotect = libc.func('mprotect', 'int', ['intptr_t', 'size_t', 'int']);
    return {
      map(bytes) {
        const start = BigInt(mmap(0, bytes + 2 * untouchable, 0, flags, -1, 0));
        if (start === -1n) return undefined;
        const inside = start + BigInt(untouchable);
        return mprotect(inside, bytes, readWrite) === 0 ? koffi.view(inside, bytes) : undefined;
      },
    };
  } catch {
    // a C library without these functions
    return undefined;
  }
}
