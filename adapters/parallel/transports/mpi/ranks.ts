import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../../../kernel.js';
import { compiledFile } from '../../../system/compiled-file.js';
import { LineChild } from '../../../system/line-child.js';
import { SchemeFailed } from '../scheme-failed.js';
import { defaultLimits, type Limits, tooSlow, tooSlowToStart } from '../transport.js';
import { mpiLibrary, mpiRemedy } from './library.js';
import { type Line, type Word, wordOf } from './lines.js';

/** Parses from mpirun's stderr the death of a rank that reported no reason itself, if any. */
export function deathOf(stderr: string): string | undefined {
  const text = stderr.replaceAll(/\s+/g, ' ');
  const [, rank, signal] = /process rank (\d+) with PID \d+ on node \S+ exited on signal (\d+ \([^)]*\)|\d+)/.exec(text) ?? [];
  if (rank !== undefined) return `rank ${rank} died: by signal ${signal}`;
  const [, name, code] = /Process name: \[[^\]]*,(\d+)\] Exit code: (\d+)/.exec(text) ?? [];
  return name === undefined ? undefined : `rank ${name} died: exited with code ${code}`;
}

export interface MpiOptions extends Limits {
  /** Command that starts the ranks; default: `mpirun`. */
  readonly command?: string;
  /** Shared library of MPI; default: Open MPI's. */
  readonly library?: string;
  /** Path of mpirun's hostfile, with this machine first. All hosts have the package at one path. */
  readonly hostfile?: string;
}

/** Milliseconds for mpirun to end its ranks, and for their last output to arrive. */
const grace = 2000;
const lastWords = 500;
/** Characters of stderr that are kept to find how the ranks died. */
const keptOfStderr = 8000;

/** Ranks of one mpirun, kept between jobs without keeping the event loop alive. */
export class MpiRanks {
  private readonly child: LineChild;
  private readonly timeout: number;
  private readonly startTimeout: number;
  private timer: NodeJS.Timeout | undefined;
  private open = false;
  private failure: Error | undefined;
  private readonly waits: string[] = [];
  private waiting: { resolve(): void; reject(error: Error): void } | undefined;

  /** @param folder holds shared memory and mpirun's files, which a killed mpirun leaves behind. */
  constructor(
    private readonly size: number,
    folder: string,
    setup: string,
    { command = 'mpirun', library = mpiLibrary, hostfile, timeout, startTimeout }: MpiOptions,
  ) {
    this.child = new LineChild(
      [command, ...mpirunFlags(folder, hostfile), '-n', String(size), ...rankCommand(library)],
      {
        line: (line) => {
          const word = wordOf(line);
          if (word) this.hear(word);
        },
        longLine: () => this.failOnAll('died', 'a rank wrote a line to stdout that is too long'),
        notStarted: (error) => {
          const reason = error.code === 'ENOENT' ? `${command} is not installed` : `${command} does not start: ${error.message}`;
          this.fail(new Unavailable(reason, mpiRemedy));
        },
        ended: (code, signal) => {
          const stderr = this.child.printed();
          this.failOnAll('died', deathOf(stderr) ?? `${command} ended with ${signal ?? `code ${code}`}: ${stderr}`);
        },
      },
      { env: { TMPDIR: folder }, keptOfStderr, lastWords, signal: 'SIGTERM' },
    );
    this.timeout = timeout ?? defaultLimits.timeout;
    this.startTimeout = startTimeout ?? defaultLimits.startTimeout;
    this.child.tell({ command: setup } satisfies Line);
  }

  /** Runs a job until the outputs are written. @throws {SchemeFailed | Unavailable} */
  async run(inputs: string, outputs: string): Promise<void> {
    this.child.hold(true);
    this.limit();
    try {
      await new Promise<void>((resolve, reject) => {
        if (this.failure) {
          reject(this.failure);
          return;
        }
        this.waiting = { resolve, reject };
        this.child.tell({ command: inputs, outputs } satisfies Line);
      });
    } catch (error) {
      await this.stop();
      if (!isTimeout(error)) throw error;
      throw new SchemeFailed('timeout', [error.message, ...this.waits].join('; '), error.ranks);
    } finally {
      clearTimeout(this.timer);
      this.waiting = undefined;
      this.child.hold(false);
    }
  }

  async stop(): Promise<void> {
    this.child.hold(true);
    this.child.close();
    // Ranks of a job that takes too long first report the messages that they wait for.
    if (this.failure && !isTimeout(this.failure)) this.end();
    await Promise.race([this.child.ended, delay(grace)]);
    this.end();
    await Promise.race([this.child.ended, delay(grace)]);
    this.child.kill('SIGKILL');
    this.child.hold(false);
  }

  end(): void {
    this.child.kill('SIGTERM');
  }

  private limit(): void {
    clearTimeout(this.timer);
    const { open, timeout, startTimeout } = this;
    this.timer = open
      ? setTimeout(() => this.failOnAll('timeout', tooSlow(timeout)), timeout)
      : setTimeout(() => this.fail(tooSlowToStart(startTimeout)), startTimeout);
  }

  private hear(word: Word): void {
    if ('open' in word) {
      this.open = true;
      if (this.waiting) this.limit();
    } else if ('done' in word) this.waiting?.resolve();
    else if ('waits' in word) this.waits.push(...word.waits);
    else if ('unavailable' in word) this.fail(new Unavailable(word.unavailable.reason, word.unavailable.remedy));
    else {
      const { rank, failed } = word;
      this.failOnAll(failed.how, `rank ${rank} ${failed.how === 'threw' ? 'failed: ' : ''}${failed.message}`);
    }
  }

  private failOnAll(how: string, message: string): void {
    this.fail(new SchemeFailed(how, message, new Array<string>(this.size).fill(message)));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
  }
}

function isTimeout(error: unknown): error is SchemeFailed {
  return error instanceof SchemeFailed && error.how === 'timeout';
}

/**
 * On one host, messages go through shared memory; TCP would warn of unreachable addresses. Excludes
 * transports instead of naming `sm` (Open MPI 5) or `vader` (4): a missing name is an error.
 */
function mpirunFlags(folder: string, hostfile: string | undefined): string[] {
  const excluded = hostfile === undefined ? '^tcp,openib,ofi' : '^openib,ofi';
  const flags = ['--allow-run-as-root', '--oversubscribe', '--bind-to', 'none', '--mca', 'pml', 'ob1', '--mca', 'btl', excluded];
  const shared = ['sm', 'vader'].flatMap((transport) => ['--mca', `btl_${transport}_backing_directory`, folder]);
  return [...flags, ...shared, ...(hostfile === undefined ? [] : ['--hostfile', hostfile])];
}

function rankCommand(library: string): string[] {
  return [process.execPath, compiledFile('suites/cli/main.js'), 'rank', '--library', library];
}
