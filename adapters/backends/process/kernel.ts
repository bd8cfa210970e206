import { setTimeout as delay } from 'node:timers/promises';
import { DocumentError } from '../../../spec/lib/documents.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import { type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Case, ProcessCallCommand, ProcessReply } from '../../../spec/types/documents.js';
import {
  type Call,
  Crashed,
  DeviceLost,
  type Durations,
  type Gradients,
  Intruded,
  type Kernel,
  OutOfMemory,
  type Outputs,
  type Replay,
  type Timing,
  Unsupported,
} from '../../kernel.js';
import { withRanks } from '../../parallel/job/rank-outputs.js';
import { fromShards } from '../../parallel/job/rank-shards.js';
import { PrivateFolder } from '../../system/private-folder.js';
import { CallFiles } from './call-files.js';
import type { ChildProgram } from './child-program.js';
import { quote, readMessage } from './messages.js';
import { rankGrace, rankTimeout } from './rank-limits.js';
import type { ProcessOptions, Started } from './start.js';

type Command = ProcessCallCommand['cmd'];
interface Answer {
  readonly reply: ProcessReply;
  readonly outputs: Outputs;
  readonly line: string;
}
/** Options; `timeout` is only for calls of several ranks. */
type KernelOptions = Pick<ProcessOptions, 'tmp' | 'timeout' | 'operators'>;
type Further = Pick<ProcessCallCommand, 'pass' | 'warmup' | 'repeats' | 'flush' | 'captured'>;

/** Kernel in another process. Tensors pass through files in a temporary folder. */
export class ProcessKernel implements Kernel {
  readonly environment: Readonly<Record<string, string>>;
  private readonly program: ChildProgram;
  private readonly folder: PrivateFolder;
  private readonly warned = new Set<string>();
  private seq = 0;
  private before: Promise<unknown> = Promise.resolve();

  constructor(
    { program, answer }: Started,
    private readonly options: KernelOptions = {},
  ) {
    this.program = program;
    this.environment = answer.environment;
    this.folder = new PrivateFolder(options.tmp);
  }

  async forward(call: Call): Promise<Outputs> {
    return this.pass('forward', call);
  }

  async backward(call: Call): Promise<Gradients> {
    return this.pass('backward', call);
  }

  /** Captures on the first run, and answers with the outputs of the first replay. */
  async capture(call: Call): Promise<Replay> {
    let captured: Further['captured'] = 'capture';
    return async () => {
      const { outputs } = await this.call('forward', call, { captured });
      captured = 'replay';
      return outputs;
    };
  }

  async time(call: Call, { pass, warmup, repeats, flush }: Timing): Promise<Durations> {
    const { reply, outputs, line } = await this.call('time', call, { pass, warmup, repeats, flush });
    const { nanoseconds, method, peakBytes } = reply;
    if (!method || nanoseconds?.length !== repeats) {
      throw this.broken(
        `its reply to "time" must have "method", and "nanoseconds" with one number for each of the ${repeats} repeats`,
        line,
      );
    }
    return { nanoseconds, method, outputs, ...(peakBytes !== undefined && { peakBytes }) };
  }

  /** @throws {Crashed} if the process died after its last answer, or when told to stop. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.program.stop();
    } finally {
      this.folder.remove();
    }
  }

  private async pass(cmd: 'forward' | 'backward', call: Call): Promise<Outputs> {
    return (await this.call(cmd, call)).outputs;
  }

  /** Calls run one after the other: a rank may still call after another's call has failed. */
  private call(cmd: Command, call: Call, further: Further = {}): Promise<Answer> {
    const answer = this.before.then(() => this.ask(cmd, call, further));
    this.before = answer.catch(() => {});
    return answer;
  }

  private async ask(cmd: Command, call: Call, further: Further): Promise<Answer> {
    const seq = ++this.seq;
    const files = new CallFiles(this.folder, seq, call, this.options.operators?.get(call.case.operator));
    const { inputs, outputs, views } = files;
    try {
      const limit = call.case.parallel && this.options.timeout;
      const seconds = limit !== undefined && { timeout: limit / 1000 };
      const asked = this.program.ask({ cmd, seq, case: call.case, inputs, outputs, ...(views && { views }), ...seconds, ...further });
      const line = await (limit === undefined ? asked : inTime(asked, limit, call.case.parallel?.ranks ?? 1));
      const reply = this.read(line, seq);
      files.checkInputs();
      throwIfNotOk(reply);
      return { reply, outputs: this.outputsOf(call, reply, files, line), line };
    } catch (error) {
      if (error instanceof Crashed) this.program.kill();
      throw error;
    } finally {
      files.remove();
    }
  }

  /** Returns the outputs, with each rank's outputs and measurements. */
  private outputsOf({ case: c }: Call, { ranks }: ProcessReply, files: CallFiles, line: string): Outputs {
    const { parallel } = c;
    const outputs = files.readOutputs();
    if (!parallel) return outputs;
    if (!ranks) return withRanks(outputs, new Array(parallel.ranks - 1).fill(undefined));
    if (ranks.length !== parallel.ranks)
      throw this.broken(`"ranks" describes ${ranks.length} ranks, but the job has ${parallel.ranks}`, line);
    if (ranks.some(({ shard }) => shard)) return { ...this.fromShards(c, outputs, ranks, files, line), ...ranksOf(ranks) };
    const others = ranks.slice(1).map(({ outputs: path }, at) => {
      if (path === undefined) return undefined;
      return path === files.outputs ? outputs : files.readRank(path, at + 1);
    });
    return { ...withRanks(outputs, others), ...ranksOf(ranks) };
  }

  private fromShards(c: Case, first: Tensors, ranks: NonNullable<ProcessReply['ranks']>, files: CallFiles, line: string): Tensors {
    const shards = ranks.map(({ outputs: path, shard: places }, rank) => {
      if (!places || path === undefined) throw this.broken(`rank ${rank} gives no shard with a file of its own, as other ranks do`, line);
      return { outputs: rank === 0 ? first : files.readRank(path, rank), places };
    });
    try {
      return fromShards(this.options.operators?.get(c.operator) ?? plainOperator, c, shards);
    } catch (error) {
      if (error instanceof RangeError) throw this.broken(`its shards do not make up the outputs: ${error.message}`, line);
      throw error;
    }
  }

  /** @throws {Crashed} if the line is not the awaited reply. */
  private read(line: string, seq: number): ProcessReply {
    try {
      const { message, unknown } = readMessage('processReply', line, 'its reply');
      this.warn(unknown);
      if (message.seq !== seq) throw this.broken(`it replied to call ${message.seq}, but the request was call ${seq}`, line);
      const answers = [message.ok, message.unsupported, message.error].filter((answer) => answer !== undefined);
      if (answers.length !== 1) throw this.broken('a reply must have exactly one of "ok", "unsupported" and "error"', line);
      return message;
    } catch (error) {
      if (error instanceof DocumentError) throw this.broken(`at ${error.path}: ${error.problem}`, line);
      throw error;
    }
  }

  private broken(problem: string, line: string): Crashed {
    return new Crashed('protocol', `broke the protocol: ${problem}; it said ${quote(line)}`);
  }

  /** Warns once for each unknown key, on stderr, which is kept with a failure. */
  private warn(unknown: readonly string[]): void {
    for (const path of unknown) {
      if (!this.warned.has(path)) process.stderr.write(`warning: a reply has a key that process protocol 1 does not know: ${path}\n`);
      this.warned.add(path);
    }
  }
}

const told = ['sent', 'received', 'area'] as const;

/** Returns F64 [ranks] of each measurement that every rank reports. */
function ranksOf(ranks: NonNullable<ProcessReply['ranks']>): Tensors {
  const columns = told.map((name) => [name, ranks.flatMap((rank) => rank[name] ?? [])] as const);
  const full = columns.filter(([, values]) => values.length === ranks.length);
  return Object.fromEntries(full.map(([name, values]) => [name, tensor('f64', [ranks.length], Float64Array.from(values))]));
}

function throwIfNotOk({ unsupported, error }: ProcessReply): void {
  if (unsupported !== undefined) throw new Unsupported(unsupported);
  if (!error) return;
  const { message, traceback, kind, fatal } = error;
  if (kind === 'rank-died') throw new Crashed('rank-died', `lost a rank: ${message}`);
  if (kind === 'rank-hangs') throw new Crashed(rankTimeout, message);
  if (kind === 'misbehaviour') throw new Intruded('misbehaviour', message);
  if (fatal) throw new DeviceLost(`lost its device: ${message}`);
  const thrown = kind === 'out-of-memory' ? new OutOfMemory(message) : new Error(message);
  thrown.stack = traceback ?? message;
  throw thrown;
}

/** @throws {Crashed} if a job gives no answer in time. */
async function inTime(answer: Promise<string>, limit: number, ranks: number): Promise<string> {
  const over = new AbortController();
  const late = delay(limit + rankGrace, undefined, { signal: over.signal }).then(() => {
    throw new Crashed(
      rankTimeout,
      `the job of ${ranks} ranks gave no answer within ${limit / 1000} s, and did not say which rank it waits for`,
    );
  });
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
    // a killed process rejects its pending answer, which has no reader any more
    answer.catch(() => {});
  }
}
