import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';

const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const chunk = Buffer.alloc(1 << 20);
/** Bytes per read or write: system calls take less than 2 GiB. */
const most = 1 << 30;

/** Opens a regular file without following links or blocking; returns a problem's description. */
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

/** Writes a new file of these parts, of any size. */
export function writeNew(path: string, parts: readonly Uint8Array[]): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeParts(fd, parts);
  } finally {
    closeSync(fd);
  }
}

export function writeParts(fd: number, parts: readonly Uint8Array[]): void {
  for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(fd, part, at, Math.min(most, part.length - at));
}

/** Reads bytes begin to end of a file, with zeros after its end. */
export function readRange(fd: number, begin: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - begin);
  for (let at = 0; at < bytes.length; ) {
    const got = readSync(fd, bytes, at, Math.min(most, bytes.length - at), begin + at);
    if (got === 0) break;
    at += got;
  }
  return bytes;
}

/** Returns the offset of the first byte that differs from these parts, or −1. */
export function firstDifference(fd: number, size: number, held: readonly Uint8Array[]): number {
  let start = 0;
  for (const part of held) {
    const common = Math.min(size - start, part.length);
    for (let at = 0; at < common; ) {
      const got = readSync(fd, chunk, 0, Math.min(chunk.length, common - at), start + at);
      if (got === 0) return start + at;
      const expected = part.subarray(at, at + got);
      if (chunk.compare(expected, 0, got, 0, got) !== 0) return start + at + expected.findIndex((byte, i) => byte !== chunk[i]);
      at += got;
    }
    start += common;
    if (common < part.length) return start;
  }
  return size === start ? -1 : start;
}
