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

/** Milliseconds that a host process has to end after it was told to stop, of which a program that it started has five seconds. */
const farewell = 8000;

export interface HostSettings {
  readonly source: string;
  readonly documents: readonly SpecDocument[];
  readonly dialect: Dialect;
  /** Capabilities to use instead of those that the adapter declares (replay). */
  readonly judgedBy?: Capabilities;
  /** Milliseconds that a call may take. */
  readonly timeout: number;
  readonly startTimeout: number;
  /** Options of loading adapters. */
  readonly load?: LoadOptions;
  /** Calls are timed: threads of OpenMP wait, and V8 optimises, as elsewhere. Otherwise the former sleep and the latter is late, since others need the processors. */
  readonly timed?: boolean;
}

/** Result of starting a host process. `adapter` is present if the module could be loaded. */
export type HostStart =
  | { readonly state: 'open'; readonly host: Host; readonly adapter: LoadedAdapter; readonly environment: Readonly<Record<string, string>> }
  | { readonly state: 'unavailable'; readonly adapter?: LoadedAdapter; readonly reason: string; readonly remedy: string };

/** End of a process: `class` is its name for comparison, such as SIGSEGV or exit. */
export interface Death {
  readonly class: string;
  readonly message: string;
}

/** Result of one case in a host process. `printed` is the end of what the process wrote to stdout and stderr. */
export type HostCase =
  | { readonly kind: 'reply'; readonly reply: CaseReply; readonly data: AnswerData }
  | ({ readonly kind: 'died'; readonly printed: string } & Death)
  | { readonly kind: 'timeout'; readonly message: string; readonly printed: string };

/** End of a host process that did not answer. */
export type Ended = Exclude<HostCase, { kind: 'reply' }>;

/** Replies to the first cases of a batch; if the process ended before the last case, also the case at which it ended, and how. */
export interface HostBatch {
  readonly replies: HostCase[];
  /** `uncertain`: the process was still running when its channel broke, so that the case that broke it may be an earlier one. */
  readonly end?: { readonly at: number; readonly outcome: HostCase; readonly uncertain?: boolean };
}

/** One child process that holds one adapter. */
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
        // what it started is not left behind
        this.tree.end();
        // what it sent and printed before its end may still be in the pipes
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
   * Starts a process and opens the adapter in it. The result is *unavailable*, with the observed reason, unless a kernel is open in time.
   * @throws {DocumentError} if the adapter, or what it claims, is malformed.
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

  /**
   * Calls the kernel for each case in turn.
   * @param limit milliseconds that a call may take, as `CallTimer` counts them.
   */
  async run(cases: readonly (readonly CallSpec[])[], limit: number): Promise<HostBatch> {
    const batch = ++this.batch;
    const replies: HostCase[] = [];
    let calls = cases.flat().length;
    const ended = await this.exchange<undefined>({ type: 'batch', batch, cases }, limit, (message) => {
      // one sign of life for each call at most: a kernel that gives more would never be too late
      if (message.type === 'alive' && calls-- > 0) return 'more';
      if (message.type !== 'replies' || message.batch !== batch || !areAsked(message.replies, cases.slice(replies.length))) return 'broken';
      const data = isFile(message.data) ? message.data : message.data.buffer;
      // each of the cases closes the file when it has been judged
      if (isFile(data)) for (let user = 1; user < message.replies.length; user++) data.keep();
      for (const reply of message.replies) replies.push({ kind: 'reply', reply, data });
      return replies.length >= cases.length ? { answer: undefined } : 'more';
    });
    if (!ended) return { replies };
    const at = Math.min(Math.max(this.progress.caseOf(batch), replies.length), cases.length - 1);
    return { replies, end: { at, outcome: ended, ...(this.isBroken && cases.length > 1 && { uncertain: true }) } };
  }

  /**
   * Sends a message that has one answer.
   * @param limit milliseconds that the answer may take. @returns the answer, or how the process ended or was ended.
   */
  ask<T extends FromHost['type']>(message: ToHost, type: T, limit: number): Promise<Extract<FromHost, { type: T }> | Ended> {
    type Answer = Extract<FromHost, { type: T }>;
    return this.exchange<Answer>(message, limit, (answer) => (answer.type === type ? { answer: answer as Answer } : 'broken'));
  }

  /**
   * Sends a message and passes what comes to `hear` until it has the answer or the process ends.
   * @param limit milliseconds between messages, as `CallTimer` counts them.
   */
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
   * Asks the process to dispose of its kernel and end, and kills it if it does not.
   * @returns how the process died, if it died before its kernel was disposed of, or later in another way than with exit code 0: of an exit
   * handler or a destructor. A later death is excused if it may be that of a runtime that crashes at the end of its process.
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
    if (this.isBroken) return; // what comes after a broken message is no answer
    if (message.type === 'crashed') this.lastWords ??= { class: message.class, message: message.message };
    else this.onMessage(message);
  }

  private readonly unasked = (message: FromHost): void => this.broken(`"${message.type}", which was not asked`);

  /** Kills a process that breaks the protocol of its channel. */
  private broken(problem: string): void {
    this.isBroken = true;
    this.lastWords ??= { class: 'protocol', message: `broke the protocol of its host: it sent ${problem}` };
    void this.kill();
  }
}
