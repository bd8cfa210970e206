import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const chunk = Buffer.alloc(1 << 20);

/**
 * Opens a file that another process may have placed: follows no link, and does not wait for a FIFO or a device.
 * @param use gets the open file and its size.
 * @returns the result of `use`, or a description of what is wrong with the file.
 */
export function openRegular<T extends object | number>(path: string, use: (fd: number, size: number) => T): T | string {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'does not exist';
    if (code === 'ELOOP') return 'is a symbolic link';
    return `cannot be opened: ${message}`;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return stat.isFIFO() ? 'is a FIFO' : 'is not a regular file';
    return use(fd, stat.size);
  } finally {
    closeSync(fd);
  }
}

/** Reads the file's first `size` bytes, or as many as it has by now. */
export function readAll(fd: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  while (at < size) {
    const got = readSync(fd, bytes, at, size - at, at);
    if (got === 0) break;
    at += got;
  }
  return bytes.subarray(0, at);
}

/** Returns the offset of the first byte in which a file differs from `held`, or −1 if there is none. Reads 1 MiB at a time. */
export function firstDifference(fd: number, size: number, held: Uint8Array): number {
  const common = Math.min(size, held.length);
  for (let at = 0; at < common; ) {
    const got = readSync(fd, chunk, 0, Math.min(chunk.length, common - at), at);
    if (got === 0) return at;
    const expected = held.subarray(at, at + got);
    if (chunk.compare(expected, 0, got, 0, got) !== 0) return at + expected.findIndex((byte, i) => byte !== chunk[i]);
    at += got;
  }
  return size === held.length ? -1 : common;
}
