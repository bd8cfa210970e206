import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Unavailable } from '../kernel.js';
import {
  type Command,
  decodeCommand,
  decodeMessage,
  decodeReports,
  encodeCommand,
  encodeMessage,
  encodeReports,
} from '../parallel/transports/mpi/frames.js';
import { type Line, type Word, wordLine } from '../parallel/transports/mpi/lines.js';
import { MpiWorld } from '../parallel/transports/mpi/world.js';
import { SchemeFailed } from '../parallel/transports/scheme-failed.js';
import type { RankSetup } from '../parallel/transports/transport.js';
import { WireEndpoint } from '../parallel/transports/wire-endpoint.js';
import { type OpenRank, openRank, runOpenRank } from './open-rank.js';

/** Tags of MPI messages: commands of rank 0, messages, reports to rank 0, and opened kernels. */
const tags = { command: 1, message: 2, report: 3, open: 4 } as const;
/** Milliseconds that a job may go on after rank 0's stdin has ended, to report waits and deaths. */
const afterStdin = 1000;
/** Milliseconds before a failed rank aborts: mpirun drops output that it has not read by then. */
const beforeAbort = 100;
/** Maximum length of a cause, which keeps its line short enough for one atomic write. */
const longestCause = 2000;

/** Runs a rank of mpirun until the stdin of rank 0 ends, or a rank fails and reports the reason. */
export async function serveRank(library: string): Promise<void> {
  let world: MpiWorld;
  try {
    world = await MpiWorld.open(library);
  } catch (error) {
    say(wordOf(Number(process.env.OMPI_COMM_WORLD_RANK ?? 0), error));
    process.exit(1);
  }
  await new RankProcess(world).serve();
}

class RankProcess {
  private readonly ended: Promise<void>;
  private leave: () => void = () => {};
  private open: OpenRank | undefined;
  private queue: Promise<void> = Promise.resolve();
  private endpoint: WireEndpoint | undefined;
  private busy = false;
  private leaving = false;

  constructor(private readonly world: MpiWorld) {
    this.ended = new Promise((resolve) => {
      this.leave = resolve;
    });
    process.on('uncaughtException', (error) => this.fail(error));
    process.on('unhandledRejection', (error) => this.fail(error));
    process.on('exit', (code) => this.fail(new SchemeFailed('died', `died: exited with code ${code}`)));
  }

  async serve(): Promise<void> {
    if (this.world.rank === 0) this.listen();
    else this.world.on(tags.command, (_, bytes) => this.obey(bytes));
    await this.ended;
    await this.open?.kernel[Symbol.asyncDispose]();
    this.leaving = true;
    this.world.finalize();
    process.exit(0);
  }

  /** Rank 0: passes commands from stdin to all ranks. */
  private listen(): void {
    const lines = createInterface({ input: process.stdin });
    lines.on('line', (text) => {
      const { command, outputs } = JSON.parse(text) as Line;
      this.tell(readFileSync(command), outputs);
    });
    lines.on('close', () => {
      if (this.busy) setTimeout(() => this.fail(new SchemeFailed('died', 'died: the process that started the job has ended')), afterStdin);
      this.tell(encodeCommand({}));
    });
  }

  private tell(command: Uint8Array, outputs?: string): void {
    const sent = [];
    for (let to = 1; to < this.world.size; to++) sent.push(this.world.send(to, tags.command, command));
    this.obey(command, outputs, Promise.all(sent));
  }

  /** Runs commands in sequence; answers a command to leave during a job at once. */
  private obey(command: Uint8Array, outputs?: string, sent: Promise<unknown> = Promise.resolve()): void {
    const { setup, job } = decodeCommand(command);
    if (!setup && !job && this.busy) {
      say({ rank: this.world.rank, waits: this.endpoint?.waits() ?? [] });
      return;
    }
    if (job) this.busy = true;
    this.queue = this.queue
      .then(async () => {
        if (setup) await this.start(setup);
        else if (job) await this.work(job, outputs);
        await sent;
        if (!setup && !job) this.leave();
      })
      .catch((error) => this.fail(error));
  }

  private async start(setup: RankSetup): Promise<void> {
    const others = this.world.rank === 0 ? this.fromAll(tags.open) : undefined;
    this.open = await openRank(setup);
    if (!others) {
      await this.world.send(0, tags.open, new Uint8Array());
      return;
    }
    await others;
    say({ open: true });
  }

  private async work({ call, backward }: NonNullable<Command['job']>, outputs: string | undefined): Promise<void> {
    const { world } = this;
    const reports = world.rank === 0 ? this.fromAll(tags.report) : undefined;
    const endpoint = new WireEndpoint(world.rank, world.size, (to, message) => world.send(to, tags.message, encodeMessage(message)));
    this.endpoint = endpoint;
    world.on(tags.message, (from, frame) => endpoint.deliver(from, decodeMessage(frame)));
    const report = await runOpenRank(this.open as OpenRank, call, backward, endpoint);
    world.off(tags.message);
    this.endpoint = undefined;
    if (!reports) {
      await world.send(0, tags.report, encodeReports([report]));
      this.busy = false;
      return;
    }
    writeFileSync(outputs as string, encodeReports([report, ...(await reports).flatMap(decodeReports)]));
    this.busy = false;
    say({ done: true });
  }

  private fromAll(tag: number): Promise<Uint8Array[]> {
    const messages: Uint8Array[] = [];
    let missing = this.world.size - 1;
    return new Promise((resolve) => {
      if (missing === 0) resolve(messages);
      this.world.on(tag, (from, bytes) => {
        messages[from - 1] = bytes;
        if (--missing > 0) return;
        this.world.off(tag);
        resolve(messages);
      });
    });
  }

  private fail(error: unknown): void {
    if (this.leaving) return;
    this.leaving = true;
    say(wordOf(this.world.rank, error));
    // blocks the event loop: the failure may end this process
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, beforeAbort);
    this.world.abort(1);
  }
}

function wordOf(rank: number, error: unknown): Word {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'Unavailable') {
    const { reason, remedy } = error as Unavailable;
    return { rank, unavailable: { reason: reason.slice(0, longestCause), remedy } };
  }
  return { rank, failed: { how: error instanceof SchemeFailed ? error.how : 'threw', message: message.slice(0, longestCause) } };
}

/** Writes synchronously, because the process may end with the next call. */
function say(word: Word): void {
  writeSync(1, wordLine(word));
}
