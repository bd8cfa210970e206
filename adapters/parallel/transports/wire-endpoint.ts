import type { Tensor } from '../../../spec/tensor/tensor.js';
import { anyRank } from '../communicator.js';
import { unawaited } from '../unawaited.js';
import { copyOf } from './copy.js';
import type { Endpoint } from './endpoint.js';
import { Ledger } from './ledger.js';
import { SchemeFailed } from './scheme-failed.js';
import { describeWait } from './waits.js';

/** Message between ranks. */
export interface WireMessage {
  readonly channel: string;
  /** Number of the message, by sender and receiver. */
  readonly sequence: number;
  readonly tensors: readonly Tensor[];
}

interface Arrived extends WireMessage {
  readonly from: number;
}

interface Receiver {
  readonly from: number;
  readonly channel: string;
  resolve(tensors: Tensor[]): void;
  reject(error: Error): void;
}

/** Channel of a rank's last message to each other rank; communicators' channels have a slash. */
const end = 'end';

/** Endpoint for one job, on a wire that keeps the order of messages between two ranks. */
export class WireEndpoint implements Endpoint {
  readonly ledger: Ledger;
  messages = 0;
  private phase = 'forward';
  private readonly sent: number[];
  private readonly next: number[];
  private readonly inbox: Arrived[] = [];
  private receivers: Receiver[] = [];
  private readonly over = new Set<number>();
  private allOver: { resolve(): void; reject(error: Error): void } | undefined;
  private failure: Error | undefined;

  /** @param post sends a message and takes over its tensors. */
  constructor(
    readonly rank: number,
    readonly size: number,
    private readonly post: (to: number, message: WireMessage) => void | Promise<void>,
  ) {
    this.ledger = new Ledger(size);
    this.sent = new Array(size).fill(0);
    this.next = new Array(size).fill(0);
  }

  enter(phase: string): void {
    this.phase = phase;
  }

  external<T>(work: T | Promise<T>): Promise<T> {
    return unawaited(Promise.resolve(work));
  }

  compute(): void {}

  send(to: number, channel: string, tensors: readonly Tensor[]): Promise<void> {
    return unawaited(this.copyAndPut(to, channel, tensors));
  }

  receive(from: number, channel: string): Promise<Tensor[]> {
    return unawaited(this.arrival(from, channel));
  }

  deliver(from: number, { channel, sequence, tensors }: WireMessage): void {
    if (this.failure) return;
    if (sequence !== this.next[from]) {
      const [how, what] =
        sequence < this.next[from] ? ['duplicate', 'arrived twice'] : ['lost', `came after message ${this.next[from] - 1}`];
      this.fail(new SchemeFailed(how, `message ${sequence} from rank ${from} to rank ${this.rank} on ${channel} ${what}`));
      return;
    }
    this.next[from]++;
    if (channel === end) {
      this.over.add(from);
      this.checkWaits();
      if (this.over.size === this.size - 1) this.allOver?.resolve();
      return;
    }
    const at = this.receivers.findIndex((r) => r.channel === channel && (r.from === from || r.from === anyRank));
    if (at < 0) this.inbox.push({ from, channel, sequence, tensors });
    else this.receivers.splice(at, 1)[0].resolve([...tensors]);
  }

  /** Waits until no rank sends any more. @throws {SchemeFailed} if a message was not received. */
  async finish(): Promise<void> {
    if (this.failure) throw this.failure;
    const ended = new Promise<void>((resolve, reject) => {
      this.allOver = { resolve, reject };
      if (this.over.size === this.size - 1) resolve();
    });
    for (let to = 0; to < this.size; to++) if (to !== this.rank) await this.put(to, end, []);
    await ended;
    const left = this.inbox.map((m) => `message ${m.sequence} from rank ${m.from} to rank ${this.rank} on ${m.channel}`);
    if (left.length > 0) throw new SchemeFailed('unconsumed', `nobody received ${left.slice(0, 4).join('; ')}`);
  }

  /** Rejects all pending and later operations of this rank. */
  fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    for (const receiver of this.receivers) receiver.reject(error);
    this.allOver?.reject(error);
  }

  waits(): string[] {
    if (this.receivers.length > 0) return this.receivers.map((r) => describeWait(this.rank, r));
    return this.allOver ? [`rank ${this.rank} has ended`] : [`rank ${this.rank} waits for no message`];
  }

  private async copyAndPut(to: number, channel: string, tensors: readonly Tensor[]): Promise<void> {
    if (this.failure) throw this.failure;
    this.messages++;
    this.ledger.add(this.phase, this.rank, to, tensors);
    await this.put(to, channel, tensors.map(copyOf));
  }

  private arrival(from: number, channel: string): Promise<Tensor[]> {
    if (this.failure) return Promise.reject(this.failure);
    const at = this.inbox.findIndex((m) => m.channel === channel && (from === anyRank || m.from === from));
    if (at >= 0) return Promise.resolve([...this.inbox.splice(at, 1)[0].tensors]);
    return new Promise((resolve, reject) => {
      this.receivers.push({ from, channel, resolve, reject });
      this.checkWaits();
    });
  }

  private async put(to: number, channel: string, tensors: readonly Tensor[]): Promise<void> {
    const message = { channel, sequence: this.sent[to]++, tensors };
    if (to === this.rank) this.deliver(to, message);
    else await this.post(to, message);
  }

  /** Fails with a deadlock if a receiver waits for a rank that has ended. */
  private checkWaits(): void {
    const others = this.size - 1;
    const stuck = this.receivers.find(({ from }) => this.over.has(from) || (from === anyRank && this.over.size === others));
    if (stuck) this.fail(new SchemeFailed('deadlock', `${describeWait(this.rank, stuck)}, which has ended`));
  }
}
