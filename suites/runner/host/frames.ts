import type { DataFile } from './data-file.js';

/** Bytes at the start of a frame: how long its text is, and how long its data, both little-endian. */
const HEAD = 8;
/** Bytes that a frame may have: nothing that is asked of a host needs more text, and no array holds more data. */
const LONGEST_TEXT = 2 ** 26;
export const LONGEST_DATA = 2 ** 32 - 1;

/** Bytes of a message's data from which they lie in a file: gigabytes of outputs are read some rows at a time. */
export const LARGE_DATA = 2 ** 26;

/** Data of a message: in memory, or in a file where they are large. */
export type FrameData = Uint8Array<ArrayBuffer> | DataFile;

/** Called with each message that arrives, and the bytes that came with it. */
export type OnFrame<D> = (message: unknown, data: D) => void;

/** A frame: a JSON message, and bytes that belong to it. */
export function frameOf(message: object, data: Uint8Array = new Uint8Array()): Uint8Array[] {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(text.length, 0);
  head.writeUInt32LE(data.length, 4);
  return [Buffer.concat([head, text]), data];
}

/**
 * Reads frames from chunks of bytes, whoever wrote them. Large data go to a file as they arrive, where the reader has one to write to. What is no frame is told once, and nothing is read after it. Memory is taken for bytes that have
 * arrived, not for those that were announced.
 */
export class FrameReader<D extends FrameData = Uint8Array<ArrayBuffer>> {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;
  /** Bytes of text and of data of the frame whose head has been read. */
  private announced: { readonly text: number; readonly data: number } | undefined;
  /** The frame whose data are on their way to a file. */
  private large: { readonly message: unknown; readonly file: DataFile; readonly data: number } | undefined;
  private broken = false;

  constructor(
    private readonly onFrame: OnFrame<D>,
    private readonly onBroken: (problem: string) => void,
    /** Makes a file for large data; if absent, all data are kept in memory. */
    private readonly fileFor?: () => DataFile,
  ) {}

  add(chunk: Uint8Array): void {
    if (this.broken) return;
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (!this.broken && this.readOne());
  }

  /** Reads a head, or what a head announced. @returns false if not all of it has arrived. */
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

  /** Writes what has arrived to the file. @returns false if not all of it has. */
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

  /** Lets go of the first bytes of the first chunk. */
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

  /** Moves the first bytes that have arrived into an array of their own; memory of chunks that have been read is free at once. */
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

  /** Lets go of the file of a frame that will not come to its end. */
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
