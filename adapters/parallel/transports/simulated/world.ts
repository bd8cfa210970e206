import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Tensor } from '../../../../spec/tensor/tensor.js';
import { sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Fault } from '../../../../spec/types/documents.js';
import { anyRank, type Communicator } from '../../communicator.js';
import { unawaited } from '../../unawaited.js';
import type { Endpoint } from '../endpoint.js';
import { Ledger } from '../ledger.js';
import { RankCommunicator } from '../rank-communicator.js';
import { PeerFailed, RankKilled, SchemeFailed } from '../scheme-failed.js';
import { describeWait } from '../waits.js';
import { Channel, type Message } from './message.js';

export interface WorldOptions {
  /** Seed of the delivery order. With odd seeds, sends wait for delivery, like large messages. */
  readonly schedule?: number;
  readonly fault?: Fault;
}

interface Receiver {
  readonly from: number;
  readonly channel: string;
  resolve(tensors: Tensor[]): void;
  reject(error: Error): void;
}

/**
 * Simulates all ranks in one process. The schedule draws the next message to deliver when all ranks
 * wait; messages between two ranks on one channel keep their order.
 */
export class SimulatedWorld {
  readonly ledger: Ledger;
  messages = 0;
  private readonly channels = new Map<string, Channel>();
  /** Channels with messages in transit, without late ones. */
  private readonly busy: Channel[] = [];
  private readonly late: Channel[] = [];
  private readonly inbox: Message[][];
  private readonly receivers: Receiver[][];
  private readonly random: RandomGenerator;
  private readonly synchronous: boolean;
  private readonly ended: (string | undefined)[];
  private readonly lost: Message[] = [];
  private running: number;
  private externals = 0;
  private wake: (() => void) | undefined;
  private failure: SchemeFailed | undefined;

  constructor(
    readonly size: number,
    private readonly options: WorldOptions = {},
  ) {
    const schedule = options.schedule ?? 0;
    this.ledger = new Ledger(size);
    this.inbox = Array.from({ length: size }, () => []);
    this.receivers = Array.from({ length: size }, () => []);
    this.random = xoroshiro128plusFromState([-1, ~schedule, schedule | 0, 0x9e3779b9 | 0]);
    // Skip the first numbers: they are alike for consecutive seeds.
    for (let x = 0; x < 8; x++) this.random.next();
    this.synchronous = schedule % 2 === 1;
    this.ended = new Array(size).fill(undefined);
    this.running = size;
  }

  /** Returns results by rank. @throws {SchemeFailed} if ranks fail, deadlock, or leave messages. */
  async run<T>(program: (comm: Communicator) => Promise<T>): Promise<T[]> {
    const results = new Array<T>(this.size);
    for (let rank = 0; rank < this.size; rank++) {
      void this.start(rank, program).then(
        (result) => {
          results[rank] = result;
          this.running--;
        },
        (error: Error) => {
          this.running--;
          this.ended[rank] = error.message;
          this.fail(
            error instanceof RankKilled ? 'died' : 'threw',
            `rank ${rank} ${error instanceof RankKilled ? 'died' : 'failed'}: ${error.message}`,
            rank,
          );
        },
      );
    }
    await this.deliverAll();
    if (this.failure) throw new SchemeFailed(this.failure.how, this.failure.message, this.ended);
    return results;
  }

  private async start<T>(rank: number, program: (comm: Communicator) => Promise<T>): Promise<T> {
    return program(new RankCommunicator(this.endpoint(rank)));
  }

  private async deliverAll(): Promise<void> {
    for (;;) {
      await turn();
      if (this.running === 0) break;
      if (this.deliverOne()) continue;
      if (this.externals > 0) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      } else if (!this.failure) this.fail(this.lost.length > 0 ? 'lost' : 'deadlock', this.deadlock());
    }
    const left = this.leftOver();
    if (!this.failure && left.length > 0) {
      this.failure = new SchemeFailed(
        'unconsumed',
        `nobody received ${left.map(describe).slice(0, 4).join('; ')}${left.length > 4 ? ` and ${left.length - 4} more` : ''}`,
      );
    }
  }

  private deliverOne(): boolean {
    if (this.busy.length === 0) {
      const channel_ = this.late.shift();
      if (!channel_) return false;
      channel_.late = false;
      this.busy.push(channel_);
    }
    const at = this.busy.length === 1 ? 0 : (this.random.next() >>> 0) % this.busy.length;
    const channel_ = this.busy[at];
    const message = channel_.messages.shift() as Message;
    if (channel_.messages.length === 0) {
      this.busy[at] = this.busy[this.busy.length - 1];
      this.busy.pop();
    }
    this.arrive(message);
    return true;
  }

  private arrive(message: Message): void {
    const channel_ = this.laneOf(message.from, message.to, message.channel);
    if (message.sequence < channel_.next) {
      this.fail('duplicate', `${describe(message)} arrived twice`);
      return;
    }
    channel_.next = message.sequence + 1;
    message.arrived();
    const waiting = this.receivers[message.to];
    const at = waiting.findIndex(({ from, channel }) => channel === message.channel && (from === message.from || from === anyRank));
    if (at < 0) this.inbox[message.to].push(message);
    else waiting.splice(at, 1)[0].resolve(message.tensors);
  }

  private endpoint(rank: number): Endpoint {
    let phase = 'forward';
    return {
      rank,
      size: this.size,
      enter: (name) => {
        phase = name;
      },
      send: (to, channel, tensors) => unawaited(this.send(phase, rank, to, channel, tensors)),
      receive: (from, channel) => unawaited(this.receive(rank, from, channel)),
      external: (work) => unawaited(this.external(work)),
      compute: () => {},
    };
  }

  private async send(phase: string, from: number, to: number, channel: string, tensors: readonly Tensor[]): Promise<void> {
    if (this.failure) throw new PeerFailed(this.failure.message);
    const { fault } = this.options;
    const number = this.messages++;
    const hit = fault?.message === number ? fault.kind : undefined;
    if (hit === 'kill') throw new RankKilled(`removed from the job before it sent its message to rank ${to}`);
    const channel_ = this.laneOf(from, to, channel);
    let arrived = () => {};
    const delivery = this.synchronous
      ? new Promise<void>((resolve) => {
          arrived = resolve;
        })
      : undefined;
    const copies = tensors.map((t) => ({ ...t, data: t.data.slice(t.offset, t.offset + sizeOf(t.shape)), offset: 0 }));
    const message: Message = { from, to, channel, tensors: copies, sequence: channel_.sent++, arrived };
    this.ledger.add(phase, from, to, copies);
    if (hit === 'drop') {
      this.lost.push(message);
      arrived();
    } else {
      if (hit === 'delay' && !channel_.late) this.holdBack(channel_);
      this.post(channel_, message);
    }
    if (hit === 'duplicate') this.post(channel_, message);
    await delivery;
  }

  private post(channel_: Channel, message: Message): void {
    if (channel_.messages.length === 0 && !channel_.late) this.busy.push(channel_);
    channel_.messages.push(message);
  }

  /** Makes a channel late, so that its later messages are late too and keep their order. */
  private holdBack(channel_: Channel): void {
    const at = this.busy.indexOf(channel_);
    if (at >= 0) this.busy.splice(at, 1);
    channel_.late = true;
    this.late.push(channel_);
  }

  private receive(rank: number, from: number, channel: string): Promise<Tensor[]> {
    if (this.failure) return Promise.reject(new PeerFailed(this.failure.message));
    const here = this.inbox[rank];
    const at = here.findIndex((m) => m.channel === channel && (from === anyRank || m.from === from));
    if (at >= 0) return Promise.resolve(here.splice(at, 1)[0].tensors);
    return new Promise((resolve, reject) => {
      this.receivers[rank].push({ from, channel, resolve, reject });
    });
  }

  private async external<T>(work: T | Promise<T>): Promise<T> {
    this.externals++;
    try {
      return await work;
    } finally {
      this.externals--;
      this.wake?.();
    }
  }

  private fail(how: string, message: string, by?: number): void {
    if (this.failure) return;
    this.failure = new SchemeFailed(how, message);
    for (const [rank, waiting] of this.receivers.entries()) {
      for (const receiver of waiting.splice(0)) receiver.reject(rank === by ? new Error(message) : new PeerFailed(message));
    }
    for (const channel_ of this.channels.values()) for (const m of channel_.messages) m.arrived();
  }

  private deadlock(): string {
    const waits = this.receivers.flatMap((waiting, rank) => waiting.map((receiver) => describeWait(rank, receiver)));
    const lost = this.lost.map((m) => `${describe(m)} was lost`);
    const left = this.leftOver().map((m) => `${describe(m)} was not received`);
    return [...(waits.length > 0 ? waits : ['the ranks wait, but not for a message']), ...lost, ...left].slice(0, 12).join('; ');
  }

  private leftOver(): Message[] {
    return [...this.inbox.flat(), ...[...this.busy, ...this.late].flatMap(({ messages }) => messages)];
  }

  private laneOf(from: number, to: number, channel: string): Channel {
    const key = `${from}>${to}/${channel}`;
    let channel_ = this.channels.get(key);
    if (!channel_) {
      channel_ = new Channel(from, to, channel);
      this.channels.set(key, channel_);
    }
    return channel_;
  }
}

function describe({ from, to, channel, sequence }: Message): string {
  return `message ${sequence} from rank ${from} to rank ${to} on ${channel}`;
}

/** Lets every rank run until it waits. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
