import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LineReader } from './line-reader.js';

/** Events of a child process, told to whoever started it. */
export interface LineChildEvents {
  /** It wrote a line to stdout. */
  line(line: string): void;
  /** It wrote a line that is too long; given is its beginning. */
  longLine(beginning: string): void;
  /** It wrote something to stderr. */
  printed?(chunk: Buffer): void;
  /** It could not be started. */
  notStarted(error: NodeJS.ErrnoException): void;
  /** It has ended; its last output may still be under way. */
  exited?(code: number | null, signal: NodeJS.Signals | null): void;
  /** It has ended, and its last output has arrived. */
  ended(code: number | null, signal: NodeJS.Signals | null): void;
}

export interface LineChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Number of last characters of stderr that are kept. */
  readonly keptOfStderr: number;
  /** Milliseconds for its last output to arrive. */
  readonly lastWords: number;
  /** Signal that ends it when this process ends. */
  readonly signal: NodeJS.Signals;
}

const living = new Map<LineChild, NodeJS.Signals>();
process.once('exit', () => {
  for (const [child, signal] of living) child.kill(signal);
});

/** A child process to which JSON lines are written, and which writes lines. While it is not held, it does not keep the event loop alive. */
export class LineChild {
  /** Resolves when it has ended, or could not be started, and the event of that was handled. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly lines: LineReader;
  private stderr = '';

  constructor([command, ...rest]: readonly string[], events: LineChildEvents, options: LineChildOptions) {
    const { env, keptOfStderr, lastWords, signal } = options;
    const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.child = child;
    living.set(this, signal);
    // it may be gone before everything is written; the handler of its end reports that
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
        // what it wrote before its end may still be in the pipes; whoever it started may hold them open
        await Promise.race([new Promise((closed) => child.once('close', closed)), delay(lastWords)]);
        living.delete(this);
        events.ended(code, by);
        resolve();
      });
    });
    for (const stream of [child.stdin, child.stderr]) (stream as Socket).unref();
    this.hold(false);
  }

  /** The end of what it wrote to stderr. */
  printed(): string {
    return this.stderr.trim();
  }

  /** The text that it wrote to stdout after its last whole line. */
  unfinished(): string {
    return this.lines.rest();
  }

  /** Writes a message to it, as a line of JSON. */
  tell(message: object): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Tells it that nothing more will be written. */
  close(): void {
    this.child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    living.delete(this);
    this.child.kill(signal);
  }

  /** Makes this process wait for it, or no longer. */
  hold(on: boolean): void {
    const stdout = this.child.stdout as Socket;
    if (on) this.child.ref();
    else this.child.unref();
    if (on) stdout.ref();
    else stdout.unref();
  }
}
