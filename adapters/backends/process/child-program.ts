import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessCommand } from '../../../spec/types/documents.js';
import { Crashed } from '../../kernel.js';
import { LineChild } from '../../system/line-child.js';
import { longestLine } from '../../system/line-reader.js';
import { quote } from './messages.js';

/** Error of a command that could not be run. */
export class NotStarted extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** Milliseconds for a dying process to print, and for a stopped process to exit. */
const lastWords = 250;
const farewell = 5000;
/** Characters of stderr that messages quote; all of stderr is passed on. */
const keptOfStderr = 2000;

/** Program that answers JSON lines on stdin with lines on stdout. Keeps no event loop alive. */
export class ChildProgram {
  private readonly child: LineChild;
  private last: string | undefined;
  private failure: Crashed | NotStarted | undefined;
  private died: Crashed | undefined;
  private leaving = false;
  private killed = false;
  private reported = false;
  private waiting: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void } | undefined;

  constructor(argv: readonly string[], env: Readonly<Record<string, string>>) {
    let unforced = false;
    this.child = new LineChild(
      argv,
      {
        line: (line) => this.hear(line),
        longLine: (beginning) => this.fail(new Crashed('protocol', `wrote a line of more than ${longestLine} bytes: ${quote(beginning)}`)),
        printed: (chunk) => process.stderr.write(chunk),
        notStarted: (error) => this.fail(notStarted(argv[0], error)),
        exited: (code) => {
          unforced = !this.killed && !(this.leaving && code === 0);
        },
        ended: (code, signal) => {
          const death = this.death(code, signal);
          if (unforced) this.died = death;
          this.fail(death);
        },
      },
      { env, keptOfStderr, lastWords, signal: 'SIGKILL' },
    );
  }

  /** Sends a message, returns the answer's line. @throws {Crashed} @throws {NotStarted} */
  async ask(message: ProcessCommand): Promise<string> {
    this.child.hold(true);
    try {
      if (this.failure) throw this.failure;
      const line = await new Promise<string>((resolve, reject) => {
        this.waiting = { resolve, reject };
        this.child.tell(message);
      });
      // another line may have come together with the answer
      if (this.failure) throw this.failure;
      return line;
    } catch (error) {
      this.reported = true;
      throw error;
    } finally {
      this.waiting = undefined;
      this.child.hold(false);
    }
  }

  printed(): string {
    return this.child.printed();
  }

  /** Stops or kills the process. @throws {Crashed} if it died before, unless already reported. */
  async stop(): Promise<void> {
    this.child.hold(true);
    this.leaving = true;
    if (!this.failure) this.child.tell({ cmd: 'stop' } satisfies ProcessCommand);
    await Promise.race([this.child.ended, delay(farewell)]);
    this.kill();
    await this.child.ended;
    this.child.hold(false);
    if (this.died && !this.reported) throw this.died;
  }

  kill(): void {
    this.killed = true;
    this.child.kill('SIGKILL');
  }

  private hear(line: string): void {
    if (!this.waiting) {
      const problem = this.last === undefined ? 'before the first request' : `after ${quote(this.last)}, but each request gets one line`;
      this.fail(new Crashed('protocol', `wrote to stdout ${problem}: ${quote(line)}`));
      return;
    }
    this.last = line;
    this.waiting.resolve(line);
    this.waiting = undefined;
  }

  private fail(error: Crashed | NotStarted): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
    this.waiting = undefined;
  }

  private death(code: number | null, signal: NodeJS.Signals | null): Crashed {
    const rest = this.child.unfinished();
    const unfinished = rest && `, after half a line: ${quote(rest)}`;
    if (signal) return new Crashed(signal, `died by signal ${signal}${unfinished}`);
    return new Crashed('exit', `exited with code ${code}${unfinished}`);
  }
}

function notStarted(command: string, error: NodeJS.ErrnoException): NotStarted {
  if (error.code === 'ENOENT') return new NotStarted(`the command "${command}" was not found`, 'install it, or give its path');
  if (error.code === 'EACCES') return new NotStarted(`"${command}" may not be run as a program`, `name a program, or chmod +x ${command}`);
  return new NotStarted(error.message, 'run the command by hand to see why');
}
