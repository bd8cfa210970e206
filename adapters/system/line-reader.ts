import type { Readable } from 'node:stream';

/** Maximum length of a line, in bytes. */
export const longestLine = 1 << 20;

export class LineReader {
  private chunks: Buffer[] = [];
  private length = 0;
  private closed = false;

  /** @param onOverflow gets the beginning of a line that is too long; reading stops then. */
  constructor(
    stream: Readable,
    private readonly onLine: (line: string) => void,
    private readonly onOverflow: (beginning: string) => void,
  ) {
    stream.on('data', (chunk: Buffer) => this.add(chunk));
    stream.on('error', () => {});
  }

  /** Returns at most 1000 bytes after the last whole line. */
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
