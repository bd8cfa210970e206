import type { DataFile } from './data-file.js';

/** Bytes of a frame's head: length of its text, then of its data, both little-endian. */
const HEAD = 8;
/** Most bytes of a frame's text and data; an array holds no more data. */
const LONGEST_TEXT = 2 ** 26;
export const LONGEST_DATA = 2 ** 32 - 1;

/** Least bytes of data that go to a file. */
export const LARGE_DATA = 2 ** 26;

/** Data of a message, in a file if large. */
export type FrameData = Uint8Array<ArrayBuffer> | DataFile;

/** Receives a message and its data. */
export type OnFrame<D> = (message: unknown, data: D) => void;

/** Encodes a JSON message with its data. */
export function frameOf(message: object, data: Uint8Array = new Uint8Array()): Uint8Array[] {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(text.length, 0);
  head.writeUInt32LE(data.length, 4);
  return [Buffer.concat([head, text]), data];
}

/**
 * Reads frames from untrusted bytes. Large data go to a file on arrival. A broken frame is reported
 * once and ends the reading. Memory grows with arrived bytes, not announced ones.
 */
export class FrameReader<D extends FrameData = Uint8Array<ArrayBuffer>> {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;
  private announced: { readonly text: number; readonly data: number } | undefined;
  private large: { readonly message: unknown; readonly file: DataFile; readonly data: number } | undefined;
  private broken = false;

  constructor(
    private readonly onFrame: OnFrame<D>,
    private readonly onBroken: (problem: string) => void,
    /** Makes files for large data; absent: data stay in memory. */
    private readonly fileFor?: () => DataFile,
  ) {}

  add(chunk: Uint8Array): void {
    if (this.broken) return;
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (!this.broken && this.readOne());
  }

  private readOne(): boolean {
    if (this.large) return this.readLarge();
    if (!this.announced) return this.readHead();
    const { text, data } = this.announced;
    const inFile = this.fileFor !== undefined && data >= LARGE_DATA;
    if (this.length < text + (inFile ? 0 : data)) return false;
    this.announced = undefined;
    const written = this.take(text).toString('utf8');
    const bytes = inFile ? undefined : this.take(data);
    let message: unknown;
    try {
      message = JSON.parse(written);
    } catch (error) {
      this.break(`is no JSON: ${(error as Error).message.slice(0, 200)}`);
      return false;
    }
    if (bytes) this.onFrame(message, new Uint8Array(bytes.buffer, 0, data) as D);
    else this.large = { message, file: (this.fileFor as () => DataFile)(), data };
    return true;
  }

  private readLarge(): boolean {
    const { message, file, data } = this.large as NonNullable<typeof this.large>;
    while (this.length > 0 && file.length < data) {
      const part = this.chunks[0].subarray(0, data - file.length);
      file.append(part);
      this.drop(part.length);
      this.length -= part.length;
    }
    if (file.length < data) return false;
    this.large = undefined;
    this.onFrame(message, file as FrameData as D);
    return true;
  }

  private drop(count: number): void {
    if (count === this.chunks[0].length) this.chunks.shift();
    else this.chunks[0] = this.chunks[0].subarray(count);
  }

  private readHead(): boolean {
    if (this.length < HEAD) return false;
    const head = this.take(HEAD);
    const [text, data] = [head.readUInt32LE(0), head.readUInt32LE(4)];
    if (text > LONGEST_TEXT || data > LONGEST_DATA) {
      this.break(`announces ${text} bytes of text and ${data} of data, allowed: ${LONGEST_TEXT} and ${LONGEST_DATA}`);
      return false;
    }
    this.announced = { text, data };
    return true;
  }

  /** Moves arrived bytes into a new array, which frees the chunks. */
  private take(count: number): Buffer<ArrayBuffer> {
    const taken = Buffer.from(new ArrayBuffer(count));
    for (let at = 0; at < count; ) {
      const part = this.chunks[0].subarray(0, count - at);
      taken.set(part, at);
      at += part.length;
      this.drop(part.length);
    }
    this.length -= count;
    return taken;
  }

  close(): void {
    this.large?.file.close();
    this.large = undefined;
  }

  private break(problem: string): void {
    this.broken = true;
    this.chunks.length = 0;
    this.close();
    this.onBroken(problem);
  }
}
