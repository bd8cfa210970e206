import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../../../adapters/kernel.js';
import type { LoadOptions } from '../../../adapters/load-options.js';
import { compiledFile } from '../../../adapters/system/compiled-file.js';
import { PrivateFolder } from '../../../adapters/system/private-folder.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { SpecDocument } from '../../../spec/library.js';
import type { Capabilities, Dialect } from '../../../spec/types/documents.js';
import type { CallSpec } from '../../contract/property.js';
import { youngMemoryOption } from '../../lib/engine.js';
import { type AnswerData, isFile } from './answer-data.js';
import { areAsked } from './from-host.js';
import { HostChannel } from './host-channel.js';
import { timedHost } from './host-files.js';
import { noteOrphans } from './orphans.js';
import { OutputTail } from './output-tail.js';
import { ProcessTree } from './process-tree.js';
import { ProgressFile } from './progress-file.js';
import { CallTimer } from './timing/call-timer.js';
import type { CaseReply, FromHost, LoadedAdapter, ToHost } from './wire.js';

/** Milliseconds to end after being told, including five for a program that the host started. */
const farewell = 8000;

export interface HostSettings {
  readonly source: string;
  readonly documents: readonly SpecDocument[];
  readonly dialect: Dialect;
  /** Overrides the adapter's capabilities (replay). */
  readonly judgedBy?: Capabilities;
  readonly timeout: number;
  readonly startTimeout: number;
  readonly load?: LoadOptions;
  /** Times calls: otherwise OpenMP threads sleep and V8 optimises late, to spare processors. */
  readonly timed?: boolean;
}

/** Result of starting a host; `adapter` is present if the module loaded. */
export type HostStart =
  | { readonly state: 'open'; readonly host: Host; readonly adapter: LoadedAdapter; readonly environment: Readonly<Record<string, string>> }
  | { readonly state: 'unavailable'; readonly adapter?: LoadedAdapter; readonly reason: string; readonly remedy: string };

/** End of a process; `class` is SIGSEGV, exit, … */
export interface Death {
  readonly class: string;
  readonly message: string;
}

/** Result of a case; `printed` is the end of its stdout and stderr. */
export type HostCase =
  | { readonly kind: 'reply'; readonly reply: CaseReply; readonly data: AnswerData }
  | ({ readonly kind: 'died'; readonly printed: string } & Death)
  | { readonly kind: 'timeout'; readonly message: string; readonly printed: string };

/** End of a host without an answer. */
export type Ended = Exclude<HostCase, { kind: 'reply' }>;

/** Replies to a batch and, if the process ended early, at which case and how. */
export interface HostBatch {
  readonly replies: HostCase[];
  /** `uncertain`: the channel broke while the process ran, perhaps by an earlier case. */
  readonly end?: { readonly at: number; readonly outcome: HostCase; readonly uncertain?: boolean };
}

/** Child process with one adapter. */
export class Host {
  private batch = 0;
  private onMessage: (message: FromHost) => void;
  private onDeath: (death: Death) => void = () => {};
  private dead: Death | undefined;
  private leftWell = false;
  private lastWords: Death | undefined;
  private isBroken = false;
  private readonly death: Promise<Death>;
  private readonly tail = new OutputTail();
  private readonly channel: HostChannel;

  private constructor(
    child: ChildProcess,
    private readonly progress: ProgressFile,
    private readonly folder: PrivateFolder,
    private readonly tree: ProcessTree,
  ) {
    this.onMessage = this.unasked;
    this.tail.follow(child.stdout);
    this.tail.follow(child.stderr);
    this.channel = new HostChannel(
      child,
      (message) => this.hear(message),
      (problem) => this.broken(problem),
    );
    this.death = new Promise((resolve) => {
      const die = async (death: Death) => {
        // its descendants end too
        this.tree.end();
        // messages and output may still be in the pipes
        await Promise.race([new Promise((closed) => child.once('close', closed)), delay(250, undefined, { ref: false })]);
        this.dead ??= this.lastWords ?? death;
        this.onDeath(this.dead);
        resolve(this.dead);
      };
      child.once('exit', (code, signal) => {
        this.leftWell = code === 0;
        void die(signal ? { class: signal, message: `died by signal ${signal}` } : { class: 'exit', message: `exited with code ${code}` });
      });
      child.once('error', (error) => die({ class: 'channel', message: `its channel broke: ${error.message}` }));
    });
  }

  /**
   * Opens an adapter in a new process, or tells why it cannot. @throws {DocumentError} if
   * malformed.
   */
  static async start(settings: HostSettings): Promise<HostStart> {
    let folder: PrivateFolder;
    try {
      folder = new PrivateFolder(settings.load?.tmp);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return { state: 'unavailable', reason: error.reason, remedy: error.remedy };
    }
    await noteOrphans(settings.source);
    const tree = new ProcessTree(folder);
    const progress = new ProgressFile(folder.path);
    const command = [youngMemoryOption, compiledFile('suites/runner/host/host-process.js'), ...(settings.timed ? [timedHost] : [])];
    const child = spawn(process.execPath, command, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', progress.descriptor, 'pipe'], // as host-files.ts numbers them
      env: { ...(!settings.timed && { OMP_WAIT_POLICY: 'passive' }), ...process.env, ...tree.mark },
      detached: process.platform !== 'win32',
    });
    tree.lead(child);
    const host = new Host(child, progress, folder, tree);
    try {
      const start = await host.open(settings);
      if (start.state === 'unavailable') await host.kill();
      return start;
    } catch (error) {
      await host.kill();
      throw error;
    }
  }

  private open(settings: HostSettings): Promise<HostStart> {
    let adapter: LoadedAdapter | undefined;
    const { source, documents, dialect, judgedBy, timeout, startTimeout, load = {} } = settings;
    return new Promise((resolve, reject) => {
      const settle = (start: HostStart) => {
        clearTimeout(timer);
        this.onMessage = this.unasked;
        this.onDeath = () => {};
        resolve(start);
      };
      const unavailable = (reason: string, remedy: string) => settle({ state: 'unavailable', ...(adapter && { adapter }), reason, remedy });
      const printed = () => {
        const text = this.tail.text().trim().slice(-500);
        return text && `; it printed: ${text}`;
      };
      const timer = setTimeout(
        () =>
          unavailable(
            `no answer within ${startTimeout / 1000} s of its start${printed()}`,
            'raise --start-timeout, or see what it waits for',
          ),
        startTimeout,
      );
      this.onDeath = (death) => unavailable(`the process ${death.message} while it started${printed()}`, 'see its output');
      this.onMessage = (message) => {
        if (message.type === 'loaded') adapter = message.adapter;
        else if (message.type === 'opened' && adapter) settle({ state: 'open', host: this, adapter, environment: message.environment });
        else if (message.type === 'unavailable') unavailable(message.reason, message.remedy);
        else if (message.type === 'failed' && message.error.document) {
          const { document, path, problem } = message.error.document;
          clearTimeout(timer);
          reject(new DocumentError(document, path, problem));
        } else if (message.type === 'failed') unavailable(`it did not start: ${message.error.message}`, 'see the error');
      };
      this.channel.send({
        type: 'start',
        source,
        documents,
        dialect,
        ...(judgedBy && { judgedBy }),
        load: { ...load, tmp: this.folder.path, timeout },
        limits: { timeout, startTimeout },
      });
    });
  }

  /** Calls the kernel for each case. @param limit milliseconds of a call, as `CallTimer` counts. */
  async run(cases: readonly (readonly CallSpec[])[], limit: number): Promise<HostBatch> {
    const batch = ++this.batch;
    const replies: HostCase[] = [];
    let calls = cases.flat().length;
    const ended = await this.exchange<undefined>({ type: 'batch', batch, cases }, limit, (message) => {
      // one sign of life per call, or a kernel could never be late
      if (message.type === 'alive' && calls-- > 0) return 'more';
      if (message.type !== 'replies' || message.batch !== batch || !areAsked(message.replies, cases.slice(replies.length))) return 'broken';
      const data = isFile(message.data) ? message.data : message.data.buffer;
      // each case closes the file once judged
      if (isFile(data)) for (let user = 1; user < message.replies.length; user++) data.keep();
      for (const reply of message.replies) replies.push({ kind: 'reply', reply, data });
      return replies.length >= cases.length ? { answer: undefined } : 'more';
    });
    if (!ended) return { replies };
    const at = Math.min(Math.max(this.progress.caseOf(batch), replies.length), cases.length - 1);
    return { replies, end: { at, outcome: ended, ...(this.isBroken && cases.length > 1 && { uncertain: true }) } };
  }

  /** Answer to one message, or how the process ended. @param limit milliseconds. */
  ask<T extends FromHost['type']>(message: ToHost, type: T, limit: number): Promise<Extract<FromHost, { type: T }> | Ended> {
    type Answer = Extract<FromHost, { type: T }>;
    return this.exchange<Answer>(message, limit, (answer) => (answer.type === type ? { answer: answer as Answer } : 'broken'));
  }

  /** Passes messages to `hear` until it answers. @param limit milliseconds between messages. */
  private exchange<T>(
    message: ToHost,
    limit: number,
    hear: (message: FromHost) => { readonly answer: T } | 'more' | 'broken',
  ): Promise<T | Ended> {
    return new Promise((resolve) => {
      const settle = (answer: T | Ended) => {
        timer.stop();
        this.onMessage = this.unasked;
        this.onDeath = () => {};
        resolve(answer);
      };
      const timer = new CallTimer(limit, this.tree, (message) => {
        settle({ kind: 'timeout', message, printed: this.tail.text() });
        void this.kill();
      });
      this.onMessage = (heard) => {
        timer.restart();
        const next = hear(heard);
        if (next === 'broken') this.unasked(heard);
        else if (next !== 'more') settle(next.answer);
      };
      this.onDeath = (death) => settle({ kind: 'died', ...death, printed: this.tail.text() });
      if (this.dead) this.onDeath(this.dead);
      else this.channel.send(message);
    });
  }

  get hasEnded(): boolean {
    return this.dead !== undefined;
  }

  /**
   * Asks the process to dispose of its kernel and end, else kills it. Returns a death before the
   * disposal, or a later one other than exit code 0, unless a runtime is known to crash at its end.
   */
  async stop(): Promise<Death | undefined> {
    let closed: Extract<FromHost, { type: 'closed' }> | undefined;
    this.onMessage = (message) => {
      if (message.type === 'closed') closed = message;
      else this.unasked(message);
    };
    if (!this.dead) this.channel.send({ type: 'stop' });
    await Promise.race([this.death, delay(farewell, undefined, { ref: false })]);
    const death = closed && (closed.excused || this.leftWell) ? undefined : this.dead;
    await this.kill();
    return death;
  }

  async kill(): Promise<void> {
    this.tree.kill();
    await this.death;
    this.channel.close();
    this.progress.close();
  }

  private hear(message: FromHost): void {
    if (this.isBroken) return; // later messages are no answer
    if (message.type === 'crashed') this.lastWords ??= { class: message.class, message: message.message };
    else this.onMessage(message);
  }

  private readonly unasked = (message: FromHost): void => this.broken(`"${message.type}", which was not asked for`);

  private broken(problem: string): void {
    this.isBroken = true;
    this.lastWords ??= { class: 'protocol', message: `broke the protocol of its host: it sent ${problem}` };
    void this.kill();
  }
}
