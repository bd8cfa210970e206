import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { DataFile } from './data-file.js';
import { type FrameData, FrameReader, frameOf } from './frames.js';
import { BrokenMessage, readFromHost } from './from-host.js';
import { files } from './host-files.js';
import type { FromHost, ToHost } from './wire.js';

/** Runner's end of a host's pipes. Incoming bytes are untrusted until read as a message. */
export class HostChannel {
  private readonly toHost: Writable | undefined;
  private readonly reader: FrameReader<FrameData>;

  /** @param onBroken receives the problem of an invalid message. */
  constructor(child: ChildProcess, onMessage: (message: FromHost) => void, onBroken: (problem: string) => void) {
    const stdio: readonly unknown[] = child.stdio ?? [];
    this.toHost = stdio[files.toHost] as Writable | undefined;
    // the exit shows a host's death
    this.toHost?.on('error', () => {});
    this.reader = new FrameReader<FrameData>(
      (message, data) => {
        try {
          onMessage(readFromHost(message, data));
        } catch (error) {
          if (data instanceof DataFile) data.close();
          if (!(error instanceof BrokenMessage)) throw error;
          onBroken(error.message);
        }
      },
      onBroken,
      () => new DataFile(),
    );
    const fromHost = stdio[files.fromHost] as Readable | undefined;
    fromHost?.on('data', (chunk: Buffer) => this.reader.add(chunk));
    fromHost?.on('error', () => {});
  }

  send(message: ToHost): void {
    for (const part of frameOf(message)) this.toHost?.write(part);
  }

  close(): void {
    this.toHost?.destroy();
    this.reader.close();
  }
}
