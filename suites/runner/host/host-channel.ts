import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { DataFile } from './data-file.js';
import { type FrameData, FrameReader, frameOf } from './frames.js';
import { BrokenMessage, readFromHost } from './from-host.js';
import { files } from './host-files.js';
import type { FromHost, ToHost } from './wire.js';

/** The runner's end of the pipes to a host. What comes is whatever a kernel in the same process writes, until it has been read as a message. */
export class HostChannel {
  private readonly toHost: Writable | undefined;
  private readonly reader: FrameReader<FrameData>;

  /** @param onBroken told what came that is no message. A process that could not be started has no pipes: nothing comes. */
  constructor(child: ChildProcess, onMessage: (message: FromHost) => void, onBroken: (problem: string) => void) {
    const stdio: readonly unknown[] = child.stdio ?? [];
    this.toHost = stdio[files.toHost] as Writable | undefined;
    // a host that dies meanwhile is seen by its exit
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
