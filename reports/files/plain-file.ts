import { lstat, readFile } from 'node:fs/promises';

/** Returns the bytes of a file. @throws {Error} if it is missing, a link, or not a file. */
export async function fileSize(path: string): Promise<number> {
  const found = await lstat(path);
  if (!found.isFile()) throw new Error(`${path} is a link or not a regular file`);
  return found.size;
}

/** @param limit bytes. @throws {Error} if it is missing, a link, not a file, or larger. */
export async function readPlain(path: string, limit: number): Promise<Buffer> {
  const size = await fileSize(path);
  if (size > limit) throw new Error(`${path} has ${size} bytes, but at most ${limit} are read`);
  return readFile(path);
}
