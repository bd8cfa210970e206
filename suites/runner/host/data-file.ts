import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateFolder } from '../../../adapters/system/private-folder.js';
import type { AnswerFile, ReadBytes } from './answer-data.js';

/** A message's data in a nameless file. */
export class DataFile implements AnswerFile {
  readonly descriptor: number;
  private users = 1;
  private written = 0;

  constructor(tmp = tmpdir()) {
    const folder = new PrivateFolder(tmp);
    const path = join(folder.path, 'data');
    this.descriptor = openSync(path, 'w+');
    unlinkSync(path);
    folder.remove();
  }

  get length(): number {
    return this.written;
  }

  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const count = writeSync(this.descriptor, bytes, at, bytes.length - at, this.written);
      at += count;
      this.written += count;
    }
  }

  keep(): this {
    this.users++;
    return this;
  }

  takeAll(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.written);
    readFully(this.descriptor, all, 0);
    this.close();
    return all;
  }

  close(): void {
    if (--this.users === 0) closeSync(this.descriptor);
  }
}

/** Reader of an open file. */
export function readerOf(descriptor: number): ReadBytes {
  return (out, from) => readFully(descriptor, out, from);
}

function readFully(descriptor: number, out: Uint8Array, from: number): void {
  for (let at = 0; at < out.length; ) {
    const count = readSync(descriptor, out, at, Math.min(MOST, out.length - at), from + at);
    if (count === 0) throw new Error(`the file of an answer ends at byte ${from + at}`);
    at += count;
  }
}

/** Most bytes per read: a system call takes less than 2 GiB. */
const MOST = 2 ** 30;
