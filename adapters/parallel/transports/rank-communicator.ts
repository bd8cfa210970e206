import { contiguous, type Tensor, tensorOf } from '../../../spec/tensor/tensor.js';
import { anyRank, type Communicator } from '../communicator.js';
import { unawaited } from '../unawaited.js';
import type { Endpoint } from './endpoint.js';
import { sumOf } from './sum.js';

/** Infix of a collective's channel name, after the communicator's name. */
const collective = '/all';

export function isCollective(channel: string): boolean {
  return channel.includes(collective);
}

/** Communicator over point-to-point messages. All ranks must call collectives in the same order. */
export class RankCommunicator implements Communicator {
  readonly rank: number;
  readonly size: number;
  private collectives = 0;
  private readonly channels = new Map<number, string>();

  /** @param members ranks of the world. @param name name in channels, the same on all members. */
  constructor(
    private readonly endpoint: Endpoint,
    private readonly members: readonly number[] = Array.from({ length: endpoint.size }, (_, rank) => rank),
    private readonly name = 'world',
  ) {
    this.rank = members.indexOf(endpoint.rank);
    this.size = members.length;
  }

  isend(to: number, tensors: readonly Tensor[], tag: number): Promise<void> {
    return this.send(to, tensors, this.channelOf(tag));
  }

  irecv(from: number, tag: number): Promise<Tensor[]> {
    return this.receive(from, this.channelOf(tag));
  }

  isendrecv(to: number, tensors: readonly Tensor[], from: number, tag: number): Promise<Tensor[]> {
    const { endpoint } = this;
    if (endpoint.sendReceive) return endpoint.sendReceive(this.members[to], this.channelOf(tag), tensors, this.memberOrAny(from));
    return unawaited(Promise.all([this.irecv(from, tag), this.isend(to, tensors, tag)]).then(([received]) => received));
  }

  allGather(tensors: readonly Tensor[]): Promise<Tensor[][]> {
    return unawaited(this.exchange(Array.from({ length: this.size }, () => tensors)));
  }

  allToAll(parts: readonly (readonly Tensor[])[]): Promise<Tensor[][]> {
    return unawaited(this.exchange(parts));
  }

  reduceScatter(parts: readonly (readonly Tensor[])[]): Promise<Tensor[]> {
    return unawaited(this.exchange(parts).then((received) => received[0].map((_, x) => sumOf(received.map((tensors) => tensors[x])))));
  }

  allReduce(tensors: readonly Tensor[]): Promise<Tensor[]> {
    return unawaited(this.allGather(tensors).then((received) => tensors.map((_, x) => sumOf(received.map((all) => all[x])))));
  }

  barrier(): Promise<void> {
    return unawaited(this.allGather([]).then(() => {}));
  }

  split(color: number, key: number): Promise<Communicator> {
    return unawaited(this.splitBy(color, key));
  }

  enter(phase: string): void {
    this.endpoint.enter(phase);
  }

  external<T>(work: T | Promise<T>): Promise<T> {
    return this.endpoint.external(work);
  }

  compute(flops: number): void {
    this.endpoint.compute(flops);
  }

  private async splitBy(color: number, key: number): Promise<Communicator> {
    const mine = tensorOf('i32', [2], [color, key]);
    const all = await this.allGather([mine]);
    const members = all
      .map(([{ data }], rank) => ({ color: data[0], key: data[1], rank }))
      .filter((other) => other.color === color)
      .sort((x, y) => x.key - y.key || x.rank - y.rank)
      .map(({ rank }) => this.members[rank]);
    return new RankCommunicator(this.endpoint, members, `${this.name}.${this.collectives}:${color}`);
  }

  private async exchange(parts: readonly (readonly Tensor[])[]): Promise<Tensor[][]> {
    const channel = `${this.name}${collective}${this.collectives++}`;
    // Each rank begins with the rank after it, so that no rank is everybody's first.
    const others = Array.from({ length: this.size - 1 }, (_, x) => (this.rank + 1 + x) % this.size);
    const places = others.map((rank) => this.members[rank]);
    const leaving = others.map((to) => parts[to]);
    const arrived = await this.sideBySide(channel, places, leaving, places);
    const received = new Array<Tensor[]>(this.size);
    received[this.rank] = [...parts[this.rank]];
    others.forEach((from, x) => {
      received[from] = arrived[x];
    });
    return received;
  }

  private sideBySide(
    channel: string,
    to: readonly number[],
    parts: readonly (readonly Tensor[])[],
    from: readonly number[],
  ): Promise<Tensor[][]> {
    const { endpoint } = this;
    if (endpoint.exchange) return endpoint.exchange(channel, to, parts, from);
    const arrivals = from.map((rank) => endpoint.receive(rank, channel));
    const sends = to.map((rank, x) => endpoint.send(rank, channel, parts[x].map(contiguous)));
    return Promise.all([Promise.all(arrivals), Promise.all(sends)]).then(([received]) => received);
  }

  private channelOf(tag: number): string {
    let channel = this.channels.get(tag);
    if (channel === undefined) {
      channel = sharedName(`${this.name}/${tag}`);
      this.channels.set(tag, channel);
    }
    return channel;
  }

  private send(to: number, tensors: readonly Tensor[], channel: string): Promise<void> {
    // keep the array if possible: endpoints recognise forwarded messages by it
    const whole = tensors.map(contiguous);
    return this.endpoint.send(this.members[to], channel, whole.every((t, x) => t === tensors[x]) ? tensors : whole);
  }

  private receive(from: number, channel: string): Promise<Tensor[]> {
    return this.endpoint.receive(this.memberOrAny(from), channel);
  }

  private memberOrAny(rank: number): number {
    return rank === anyRank ? anyRank : this.members[rank];
  }
}

const names = new Map<string, string>();

/** Interns a channel name: identical strings compare fast, a million times. */
function sharedName(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, name);
  return name;
}
