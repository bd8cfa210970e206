import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LineReader } from './line-reader.js';

/** Events of a child process. */
export interface LineChildEvents {
  line(line: string): void;
  /** Beginning of a line on stdout that is too long. */
  longLine(beginning: string): void;
  printed?(chunk: Buffer): void;
  notStarted(error: NodeJS.ErrnoException): void;
  /** The child has ended; its last output may still arrive. */
  exited?(code: number | null, signal: NodeJS.Signals | null): void;
  /** The child has ended, and its last output has arrived. */
  ended(code: number | null, signal: NodeJS.Signals | null): void;
}

export interface LineChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly keptOfStderr: number;
  /** Milliseconds for its last output to arrive. */
  readonly lastWords: number;
  readonly signal: NodeJS.Signals;
}

const living = new Map<LineChild, NodeJS.Signals>();
process.once('exit', () => {
  for (const [child, signal] of living) child.kill(signal);
});

/** Child process that exchanges lines. Keeps the event loop alive only while it is held. */
export class LineChild {
  /** Resolves after the event `ended` or `notStarted`. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly lines: LineReader;
  private stderr = '';

  constructor([command, ...rest]: readonly string[], events: LineChildEvents, options: LineChildOptions) {
    const { env, keptOfStderr, lastWords, signal } = options;
    const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.child = child;
    living.set(this, signal);
    // the child may end before all input is written; its exit handler reports that
    child.stdin.on('error', () => {});
    child.stderr.on('error', () => {});
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString('utf8')).slice(-keptOfStderr);
      events.printed?.(chunk);
    });
    this.lines = new LineReader(child.stdout, events.line, events.longLine);
    this.ended = new Promise((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        events.notStarted(error);
        resolve();
      });
      child.once('exit', async (code, by) => {
        events.exited?.(code, by);
        // last output may still be in the pipes, which grandchildren may keep open
        await Promise.race([new Promise((closed) => child.once('close', closed)), delay(lastWords)]);
        living.delete(this);
        events.ended(code, by);
        resolve();
      });
    });
    for (const stream of [child.stdin, child.stderr]) (stream as Socket).unref();
    this.hold(false);
  }

  printed(): string {
    return this.stderr.trim();
  }

  unfinished(): string {
    return this.lines.rest();
  }

  tell(message: object): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    living.delete(this);
    this.child.kill(signal);
  }

  /** Keeps the event loop alive for the child, or no longer. */
  hold(on: boolean): void {
    const stdout = this.child.stdout as Socket;
    if (on) this.child.ref();
    else this.child.unref();
    if (on) stdout.ref();
    else stdout.unref();
  }
}
