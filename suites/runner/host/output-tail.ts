import type { Readable } from 'node:stream';

/** Last bytes of a process's output, drained so that it never blocks. */
export class OutputTail {
  private chunks: Buffer[] = [];
  private length = 0;

  constructor(private readonly limit = 16384) {}

  follow(stream: Readable | null): void {
    stream?.on('data', (chunk: Buffer) => this.add(chunk));
    stream?.on('error', () => {});
  }

  private add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (this.length - this.chunks[0].length >= this.limit) this.length -= (this.chunks.shift() as Buffer).length;
  }

  text(): string {
    const all = Buffer.concat(this.chunks);
    return all.subarray(Math.max(0, all.length - this.limit)).toString('utf8');
  }
}
