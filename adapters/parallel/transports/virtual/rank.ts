import type { Tensor } from '../../../../spec/tensor/tensor.js';
import { unawaited } from '../../unawaited.js';
import type { Endpoint } from '../endpoint.js';
import { PeerFailed, type SchemeFailed } from '../scheme-failed.js';
import { deferred } from './deferred.js';
import { type EventQueue, TimedEvent } from './event-queue.js';
import { Awaited, Exchange, Expected, SendReceive, Sent } from './exchange.js';
import { HeldMessages } from './held.js';
import type { Sender } from './in-flight-message.js';
import { type Fabric, Link } from './link.js';
import type { Pass, VirtualMachine } from './machine.js';
import { Mailbox, type Receiver, type VirtualMessage } from './mailbox.js';
import type { Interval } from './timeline.js';

/** Measurements of a rank in one phase: its end since the job began, and computing seconds. */
export interface RankPhase {
  end: number;
  computeSeconds: number;
  /** Largest sum of bytes of held messages. */
  heldBytes: number;
}

interface RankWorld {
  readonly size: number;
  readonly machine: VirtualMachine;
  readonly events: EventQueue;
  readonly failure: SchemeFailed | undefined;
  readonly recorded: boolean;
  readonly intervals: Interval[];
  send(rank: VirtualRank, to: number, channel: string, tensors: readonly Tensor[], sender: Sender): void;
}

/** Rank of a virtual world: one device, and a program with steps that take no time. */
export class VirtualRank implements Endpoint {
  readonly size: number;
  readonly mailbox = new Mailbox();
  readonly held = new HeldMessages();
  readonly phases = new Map<string, RankPhase>();
  phase = 'forward';
  private free = 0;
  /** Time at which the program's `compute` operations are done. */
  private ready = 0;
  private computeSeconds = 0;
  private link: Link | undefined;
  /** Last two messages: keys and values, and gradients, in turns. */
  private latest: VirtualMessage | undefined;
  private before: VirtualMessage | undefined;

  constructor(
    readonly rank: number,
    private readonly world: RankWorld,
  ) {
    this.size = world.size;
  }

  get now(): number {
    return Math.max(this.world.events.now, this.ready);
  }

  enter(phase: string): void {
    this.endPhase();
    this.phase = phase;
  }

  /** Records the measurements of the phase; a phase that is entered again continues. */
  endPhase(): void {
    const before = this.phases.get(this.phase);
    this.phases.set(this.phase, {
      end: this.now,
      computeSeconds: (before?.computeSeconds ?? 0) + this.computeSeconds,
      heldBytes: Math.max(before?.heldBytes ?? 0, this.held.peak),
    });
    this.computeSeconds = 0;
    this.held.begin();
  }

  send(to: number, channel: string, tensors: readonly Tensor[]): Promise<void> {
    if (this.world.failure) return this.refused(this.world.failure);
    const over = deferred<void>();
    this.world.send(this, to, channel, tensors, new Sent(over));
    return over.promise;
  }

  receive(from: number, channel: string): Promise<Tensor[]> {
    if (this.world.failure) return this.refused(this.world.failure);
    const over = deferred<Tensor[]>();
    this.expect(new Awaited(from, channel, over));
    return over.promise;
  }

  sendReceive(to: number, channel: string, tensors: readonly Tensor[], from: number): Promise<Tensor[]> {
    if (this.world.failure) return this.refused(this.world.failure);
    const over = deferred<Tensor[]>();
    const both = new SendReceive(from, channel, over);
    this.expect(both);
    this.world.send(this, to, channel, tensors, both);
    return over.promise;
  }

  exchange(channel: string, to: readonly number[], parts: readonly (readonly Tensor[])[], from: readonly number[]): Promise<Tensor[][]> {
    if (this.world.failure) return this.refused(this.world.failure);
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(to.length, from.length, resolve, reject);
      for (let x = 0; x < from.length; x++) this.expect(new Expected(exchange, x, from[x], channel));
      for (let x = 0; x < to.length; x++) this.world.send(this, to[x], channel, parts[x], exchange);
    });
  }

  external<T>(work: T | Promise<T>): Promise<T> {
    return Promise.resolve(work);
  }

  /** Occupies the device, and delays later steps of the program. */
  compute(flops: number): void {
    this.ready = this.occupy(this.world.machine.seconds(flops, this.phase === 'backward' ? 'backward' : 'forward', this.rank));
  }

  /** Starts a kernel when the device is free. @param bytes bytes moved outside of the kernel. */
  kernel<T>(flops: number, pass: Pass, answer: T, bytes = 0): Promise<T> {
    const { machine, events } = this.world;
    const moving = bytes * (machine.byteSeconds ?? 0);
    const end = this.occupy((machine.blockSeconds ?? 0) + machine.seconds(flops, pass, this.rank) + moving);
    const { promise, resolve } = deferred<T>();
    events.at(end, new Answer(resolve, answer));
    return promise;
  }

  linkTo(to: number, fabric: Fabric): Link {
    const { link, phase } = this;
    if (link && link.to === to && link.phase === phase) return link;
    this.link = new Link(this.rank, to, phase, fabric);
    return this.link;
  }

  receives(message: VirtualMessage, receiver: Receiver): boolean {
    this.held.receive(message);
    this.before = this.latest;
    this.latest = message;
    return receiver.resolve(message.tensors);
  }

  /** Returns the recent message with these tensors, which ranks mostly forward. */
  received(tensors: readonly Tensor[]): VirtualMessage | undefined {
    const { latest, before } = this;
    if (latest?.tensors === tensors) return latest;
    return before?.tensors === tensors ? before : undefined;
  }

  private expect(receiver: Receiver): void {
    const message = this.mailbox.take(receiver.from, receiver.channel);
    if (message) this.receives(message, receiver);
    else this.mailbox.wait(receiver);
  }

  private refused({ message }: Error): Promise<never> {
    return unawaited(Promise.reject(new PeerFailed(message)));
  }

  private occupy(seconds: number): number {
    const begun = Math.max(this.now, this.free);
    this.free = begun + seconds;
    this.computeSeconds += seconds;
    const { recorded, intervals } = this.world;
    if (recorded) intervals.push({ rank: this.rank, from: begun, to: this.free, kind: 'compute', label: this.phase });
    return this.free;
  }
}

class Answer<T> extends TimedEvent {
  constructor(
    private readonly resolve: (answer: T) => void,
    private readonly answer: T,
  ) {
    super();
  }

  happen(): boolean {
    this.resolve(this.answer);
    return true;
  }
}
