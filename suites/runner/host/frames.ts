/** Bytes at the start of a frame: how long its text is, and how long its data, both little-endian. */
const HEAD = 8;
/** Bytes that a frame may have: nothing that is asked of a host needs more. */
const LONGEST_TEXT = 2 ** 26;
const LONGEST_DATA = 2 ** 30;

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
  private chunks: Uint8Array[] = [];
  private length = 0;
  /** Bytes that must be there before anything can be read. */
  private needed = HEAD;
  private broken = false;

  constructor(
    private readonly onFrame: OnFrame,
    private readonly onBroken: (problem: string) => void,
  ) {}

  add(chunk: Uint8Array): void {
    if (this.broken) return;
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (!this.broken && this.length >= this.needed) this.readOne();
  }

  private readOne(): void {
    const bytes =
      this.chunks.length === 1 ? Buffer.from(this.chunks[0].buffer, this.chunks[0].byteOffset, this.length) : Buffer.concat(this.chunks);
    const [text, data] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
    if (text > LONGEST_TEXT || data > LONGEST_DATA) {
      this.break(`announces ${text} bytes of text and ${data} of data, allowed: ${LONGEST_TEXT} and ${LONGEST_DATA}`);
      return;
    }
    const end = HEAD + text + data;
    this.chunks = [bytes];
    this.needed = end;
    if (bytes.length < end) return;
    let message: unknown;
    try {
      message = JSON.parse(bytes.toString('utf8', HEAD, HEAD + text));
    } catch (error) {
      this.break(`is no JSON: ${(error as Error).message.slice(0, 200)}`);
      return;
    }
    const rest = bytes.subarray(end);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.length = rest.length;
    this.needed = HEAD;
    this.onFrame(message, new Uint8Array(bytes.subarray(HEAD + text, end)));
  }

  private break(problem: string): void {
    this.broken = true;
    this.chunks = [];
    this.onBroken(problem);
  }
}
