/** Bytes at the start of a frame: how long its text is, and how long its data, both little-endian. */
const HEAD = 8;
/** Bytes that a frame may have: nothing that is asked of a host needs more text, and no array holds more data. */
const LONGEST_TEXT = 2 ** 26;
export const LONGEST_DATA = 2 ** 32 - 1;

/** Called with each message that arrives, and the bytes that came with it. */
export type OnFrame = (message: unknown, data: Uint8Array<ArrayBuffer>) => void;

/** A frame: a JSON message, and bytes that belong to it. */
export function frameOf(message: object, data: Uint8Array = new Uint8Array()): Uint8Array[] {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(text.length, 0);
  head.writeUInt32LE(data.length, 4);
  return [Buffer.concat([head, text]), data];
}

/**
 * Reads frames from chunks of bytes, whoever wrote them. What is no frame is told once, and nothing is read after it. Memory is taken for bytes that have
 * arrived, not for those that were announced.
 */
export class FrameReader {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;
  /** Bytes of text and of data of the frame whose head has been read. */
  private announced: { readonly text: number; readonly data: number } | undefined;
  private broken = false;

  constructor(
    private readonly onFrame: OnFrame,
    private readonly onBroken: (problem: string) => void,
  ) {}

  add(chunk: Uint8Array): void {
    if (this.broken) return;
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (!this.broken && this.readOne());
  }

  /** Reads a head, or what a head announced. @returns false if not all of it has arrived. */
  private readOne(): boolean {
    if (!this.announced) return this.readHead();
    const { text, data } = this.announced;
    if (this.length < text + data) return false;
    this.announced = undefined;
    const written = this.take(text).toString('utf8');
    const bytes = this.take(data);
    let message: unknown;
    try {
      message = JSON.parse(written);
    } catch (error) {
      this.break(`is no JSON: ${(error as Error).message.slice(0, 200)}`);
      return false;
    }
    this.onFrame(message, new Uint8Array(bytes.buffer, 0, data));
    return true;
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
      const chunk = this.chunks[0];
      const part = chunk.subarray(0, count - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === chunk.length) this.chunks.shift();
      else this.chunks[0] = chunk.subarray(part.length);
    }
    this.length -= count;
    return taken;
  }

  private break(problem: string): void {
    this.broken = true;
    this.chunks.length = 0;
    this.onBroken(problem);
  }
}
