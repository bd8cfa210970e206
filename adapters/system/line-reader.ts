import type { Readable } from 'node:stream';

/** Maximum length in bytes of a line that is read. */
export const longestLine = 1 << 20;

/** Splits a stream into lines as they arrive. */
export class LineReader {
  private chunks: Buffer[] = [];
  private length = 0;
  private closed = false;

  /**
   * @param onLine gets each line without its end.
   * @param onOverflow gets, once, the beginning of a line that is too long; no line comes after it.
   */
  constructor(
    stream: Readable,
    private readonly onLine: (line: string) => void,
    private readonly onOverflow: (beginning: string) => void,
  ) {
    stream.on('data', (chunk: Buffer) => this.add(chunk));
    stream.on('error', () => {});
  }

  /** Returns the text after the last line's end, at most 1000 bytes, as much as a message quotes. */
  rest(): string {
    return Buffer.concat(this.chunks).subarray(0, 1000).toString('utf8');
  }

  private add(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0 && !this.closed; end = chunk.indexOf(10, from)) {
      this.keep(chunk.subarray(from, end));
      if (!this.closed) this.onLine(this.take());
      from = end + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
  }

  private keep(part: Buffer): void {
    if (this.closed) return;
    this.chunks.push(part);
    this.length += part.length;
    if (this.length <= longestLine) return;
    this.closed = true;
    this.onOverflow(this.rest());
    this.chunks = [];
  }

  private take(): string {
    const line = Buffer.concat(this.chunks).toString('utf8');
    this.chunks = [];
    this.length = 0;
    return line;
  }
}
